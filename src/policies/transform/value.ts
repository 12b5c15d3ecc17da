import * as z from 'zod';
import { expecting } from '../../config/expecting.ts';
import { parseValueTemplate, type ValueTemplate } from './value-template.ts';

const message = 'write {name} for what the path captured, and {{ or }} for a brace';

/** A text in which `{name}` stands for what the match captured. */
export function value(form: RegExp, phrase: string) {
  return z
    .string(expecting(phrase))
    .regex(form, expecting(phrase))
    .transform((written, context): ValueTemplate => {
      const template = parseValueTemplate(written);
      if (template !== undefined) return template;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    });
}
