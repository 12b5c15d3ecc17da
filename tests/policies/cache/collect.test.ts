import type { BodySink, BodySource } from '../../../src/model/body-source.ts';
import { collect } from '../../../src/policies/cache/collect.ts';
import { recordBody } from '../../model/record-body.ts';

/** A body that is sent by hand, and writes down what its receiver asks for. */
function manualBody() {
  let sink: BodySink | undefined;
  const asked: string[] = [];
  const source: BodySource = {
    start(given) {
      sink = given;
    },
    pause: () => void asked.push('pause'),
    resume: () => void asked.push('resume'),
    cancel: () => void asked.push('cancel'),
  };
  return { source, asked, send: (text: string) => sink!.data(Buffer.from(text)), sink: () => sink! };
}

function collecting(limit: number) {
  const body = manualBody();
  const whole: string[] = [];
  const collected = collect(body.source, limit, (content) => whole.push(content.toString()));
  return { ...body, collected, whole };
}

test('passes chunks on as they come and hands over a copy of the whole before the end', () => {
  const { collected, whole, send, sink } = collecting(10);
  const heard = recordBody(collected);
  send('abc');
  send('def');
  expect(heard).toEqual(['abc', 'def']);
  expect(whole).toEqual([]);
  sink().end();
  expect(heard).toEqual(['abc', 'def', '<end>']);
  expect(whole).toEqual(['abcdef']);
});

test('the limit itself still fits, one byte more does not, and the body goes on whole', () => {
  const exact = collecting(4);
  recordBody(exact.collected);
  exact.send('abcd');
  exact.sink().end();
  expect(exact.whole).toEqual(['abcd']);
  const large = collecting(4);
  const heard = recordBody(large.collected);
  for (const chunk of ['abc', 'de', 'f']) large.send(chunk);
  large.sink().end();
  expect(heard).toEqual(['abc', 'de', 'f', '<end>']);
  expect(large.whole).toEqual([]);
});

test('a body that is cut is not whole', () => {
  const { collected, whole, send, sink } = collecting(10);
  const heard = recordBody(collected);
  send('abc');
  sink().error(new Error('cut'));
  expect(heard).toEqual(['abc', '<cut>']);
  expect(whole).toEqual([]);
});

test('an empty one is whole', () => {
  const { collected, whole, sink } = collecting(10);
  recordBody(collected);
  sink().end();
  expect(whole).toEqual(['']);
});

test('the receiver still steers', () => {
  const { collected, asked } = collecting(10);
  collected.pause();
  collected.resume();
  collected.cancel();
  expect(asked).toEqual(['pause', 'resume', 'cancel']);
});
