import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The absolute name of one of the files that `certificates/generate.sh` has made. */
export const fileOf = (name: string): string => fileURLToPath(new URL(`certificates/${name}`, import.meta.url));

/** What is in such a file. */
export const pemOf = (name: string): string => readFileSync(fileOf(name), 'utf8');

/** A certificate and its key, for whoever shows it. */
export const pairOf = (name: string) => ({ cert: pemOf(`${name}.pem`), key: pemOf(`${name}.key`) });
