import * as z from 'zod';
import { expecting } from './expecting.ts';
import { flag } from './values.ts';

/** One policy in a list. Its options are decoded at link time, by the policy itself. */
export const policyUse = z
  .strictObject({
    use: z.string(expecting('the name of a policy')).describe('Name of the policy.'),
    with: z
      .record(z.string(), z.unknown(), expecting('the options of the policy'))
      .default({})
      .describe('Its options.'),
    enabled: flag.default(true).describe('false takes away a policy inherited from the service or from all routes.'),
  })
  .meta({ id: 'PolicyUse', description: 'A policy and its options.' });

/** A list of policies in the order in which they act. */
export const policyUses = z.array(policyUse, expecting('a list of policies')).default([]);

/** See {@link policyUse}. */
export type PolicyUse = z.output<typeof policyUse>;
