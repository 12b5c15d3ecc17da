import * as z from 'zod';
import { expecting } from '../../config/expecting.ts';
import { size, text } from '../../config/values.ts';
import { isGatewayField } from '../../forwarding/request-headers.ts';
import { edits } from './edits.ts';
import { jsonShape } from './shape-options.ts';
import { value } from './value.ts';

const nameForm = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The name of a header field that a policy may change; `refuse` says why it may not. */
const fieldName = (refuse: (name: string) => string | undefined) =>
  text(nameForm, 'the name of a header field').superRefine((written, context) => {
    const message = refuse(written.toLowerCase());
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

const requestField = fieldName((name) => {
  if (isGatewayField(name)) return `${name} is for the gateway alone to write: see docs/forwarding.md`;
  return name.startsWith('sec-websocket-') ? `${name} belongs to the connection` : undefined;
});

const framing = /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|sec-websocket-.*)$/;
const ofTheBody = ['content-length', 'content-encoding', 'content-range'];

const replyField = fieldName((name) => {
  if (framing.test(name)) return `${name} belongs to the connection`;
  if (ofTheBody.includes(name)) return `${name} has to fit the body, which stays as it is`;
  if (name.startsWith('access-control-')) return `${name} is for the policy cors to write`;
  return name === 'x-request-id' ? 'x-request-id is for the gateway alone to write' : undefined;
});

const fieldValue = value(
  /^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/,
  'a value in printable ASCII, without spaces around it',
);

const parameterName = text(/^[^\p{Cc}\p{Cs}]+$/u, 'the name of a query parameter, as it reads decoded');
const parameterValue = value(/^[^\p{Cc}\p{Cs}]*$/u, 'a value as it reads decoded, without control characters');

// A status that says that there is no body, or what part of it, cannot come or go without the body.
const mappable = (status: number): boolean => status >= 200 && status <= 599 && ![204, 205, 206, 304].includes(status);
const statusPhrase = 'a status from 200 to 599 other than 204, 205, 206 and 304';

const statuses = z
  .record(
    z.string(),
    z.int(expecting(statusPhrase)).refine(mappable, expecting(statusPhrase)),
    expecting('statuses of the service and those that callers get'),
  )
  .transform((written, context) => {
    const entries = Object.entries(written).map(([from, to]) => [Number(from), to] as const);
    for (const from of Object.keys(written)) {
      if (!mappable(Number(from)))
        context.addIssue({ code: 'custom', path: [from], message: `expected ${statusPhrase}` });
    }
    return new Map(entries);
  });

const limit = size({ to: '100MB' }).prefault('1MB');

const requestJson = z
  .strictObject({ ...jsonShape, limit: limit.describe('Bytes of a body; a larger one is refused with 413.') })
  .describe('The form in which the service gets JSON bodies; what is no JSON is refused with 415.');

const replyJson = z
  .strictObject({
    ...jsonShape,
    envelope: z
      .exactOptional(z.string(expecting('the name of a field')))
      .describe('Name of the one field of an object that holds the document then.'),
    on: z
      .enum(['success', 'error', 'any'])
      .default('success')
      .describe('By the status of the service: 2xx, or from 400 on, or any.'),
    limit: limit.describe('Bytes of a body; a larger one is refused with 502.'),
  })
  .describe('The form in which the caller gets JSON bodies.');

/** What the policy `transform` is told. */
export const options = z.strictObject({
  request: z
    .strictObject({
      headers: edits(requestField, fieldValue).describe('Header fields that the service gets.'),
      query: edits(parameterName, parameterValue).describe('The query that the service gets.'),
      json: z.exactOptional(requestJson),
    })
    .prefault({})
    .describe('What the service gets.'),
  response: z
    .strictObject({
      headers: edits(replyField, fieldValue).describe('Header fields that the caller gets.'),
      status: statuses.prefault({}).describe('Status of the service: status that the caller gets.'),
      json: z.exactOptional(replyJson),
    })
    .prefault({})
    .describe('What the caller gets.'),
});
