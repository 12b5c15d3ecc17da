const oneGesture = 500;
const parentCheck = 200;

/** How to go about a stop that takes long. */
export interface StopHandlers {
  /** A second signal would help now. */
  readonly patient: () => void;
  /** The second signal came. */
  readonly insist: () => void;
}

/**
 * Resolves at the first signal that asks for an end. Signals within half a second are one gesture: npm passes on the
 * Ctrl-C that the terminal has sent here already.
 */
export function awaitStop({ patient, insist }: StopHandlers): Promise<void> {
  return new Promise((resolve) => {
    let state: 'running' | 'stopping' | 'patient' = 'running';
    const hear = () => {
      if (state === 'patient') insist();
      if (state !== 'running') return;
      state = 'stopping';
      clearInterval(watch);
      const grow = () => {
        state = 'patient';
        patient();
      };
      setTimeout(grow, oneGesture).unref();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
    const watch = underNpm() ? watchParent(hear) : undefined;
  });
}

/** npm may put a shell between itself and this process, and a signal to npm then ends only that shell. */
const underNpm = (): boolean => process.env.npm_lifecycle_event !== undefined;

function watchParent(onGone: () => void): NodeJS.Timeout {
  const parent = process.ppid;
  const check = () => {
    if (process.ppid !== parent) onGone();
  };
  return setInterval(check, parentCheck).unref();
}
