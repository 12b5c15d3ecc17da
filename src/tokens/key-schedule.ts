import type { Logger } from '../telemetry/logger.ts';
import type { KeyDescription } from './key-ring.ts';

/** Runs something every so many milliseconds until the function that comes back is called. */
export type RepeatTimer = (run: () => void, milliseconds: number) => () => void;

/** What {@link scheduleRotation} needs. Times in seconds. */
export interface RotationScheduleOptions {
  readonly rotateEvery: number;
  /** For how long the present key has signed. */
  readonly age: () => number;
  readonly rotate: () => Promise<KeyDescription | undefined>;
  readonly log: Pick<Logger, 'info' | 'error'>;
  /** Default: a timer of Node's that keeps no process alive. */
  readonly setTimer?: RepeatTimer | undefined;
}

/** A schedule that runs. */
export interface RotationSchedule {
  /** Ends it; resolves when what is going on is over. */
  close(): Promise<void>;
}

const hour = 3_600_000;

/** Rotates at once if it is time, and sees every hour whether it is; what fails is tried again an hour later. */
export async function scheduleRotation(options: RotationScheduleOptions): Promise<RotationSchedule> {
  const { rotateEvery, age, rotate, log, setTimer = setQuietTimer } = options;

  async function rotateWhenDue(): Promise<void> {
    if (age() < rotateEvery) return;
    try {
      const next = await rotate();
      if (next === undefined) return;
      const signsFrom = new Date(next.activeFrom * 1_000).toISOString();
      log.info('signing key rotated', { kid: next.id, signsFrom });
    } catch (error) {
      const reason = (error as Error).message;
      log.error('the signing key could not be rotated, the present one goes on', { reason });
    }
  }

  let underway = rotateWhenDue();
  await underway;
  const stop = setTimer(() => {
    underway = rotateWhenDue();
  }, hour);
  return {
    close() {
      stop();
      return underway;
    },
  };
}

const setQuietTimer: RepeatTimer = (run, milliseconds) => {
  const timer = setInterval(run, milliseconds).unref();
  return () => clearInterval(timer);
};
