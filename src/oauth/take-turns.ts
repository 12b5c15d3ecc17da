/** Runs a task when those before it with the same key are done, whatever became of them. */
export type TakeTurns = <T>(key: string, task: () => Promise<T>) => Promise<T>;

/** Makes a row of its own for each key; nothing is kept of keys that nobody waits for. */
export function createTurns(): TakeTurns {
  const last = new Map<string, Promise<unknown>>();
  return (key, task) => {
    const mine = (last.get(key) ?? Promise.resolve()).then(task, task);
    last.set(key, mine);
    const leave = () => {
      if (last.get(key) === mine) last.delete(key);
    };
    mine.then(leave, leave);
    return mine;
  };
}
