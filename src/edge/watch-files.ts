import { unwatchFile, watchFile } from 'node:fs';

/** Calls back whenever one of some files has changed, appeared or gone, until it is told to stop. */
export type WatchFiles = (files: readonly string[], onChange: () => void) => () => void;

/**
 * Looks at files every so many milliseconds. Events of the file system would be faster and miss what matters: Kubernetes
 * and ACME clients replace links and folders on the way to a file, not the file.
 */
export const createFileWatch =
  (interval = 5_000): WatchFiles =>
  (files, onChange) => {
    const listener = (): void => onChange();
    for (const file of files) watchFile(file, { interval, persistent: false }, listener);
    return () => {
      for (const file of files) unwatchFile(file, listener);
    };
  };
