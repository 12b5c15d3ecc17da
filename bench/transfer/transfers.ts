import type { TargetName } from '../targets/target.ts';

/** One row group of the second table: so many bytes that go through a target at once, and are stored nowhere. */
export interface Transfer {
  readonly id: string;
  readonly direction: 'download' | 'upload';
  readonly bytes: number;
  readonly targets: readonly TargetName[];
  /** Whom the last column of the table compares with. */
  readonly peer: TargetName;
}

const gigabyte = { bytes: 1_000_000_000, targets: ['garita', 'stock', 'fastify'], peer: 'fastify' } as const;

/** Every transfer, in the order of the table. */
export const transfers: readonly Transfer[] = [
  { id: 'download-1g', direction: 'download', ...gigabyte },
  { id: 'upload-1g', direction: 'upload', ...gigabyte },
];
