import { bodyOf, emptyBody } from '../../src/model/body-source.ts';
import { recordBody } from './record-body.ts';

test('a body that is all there comes in one piece before start returns', () => {
  expect(recordBody(bodyOf(Buffer.from('abc')))).toEqual(['abc', '<end>']);
});

test('an empty one only ends', () => {
  expect(recordBody(bodyOf(Buffer.alloc(0)))).toEqual(['<end>']);
  expect(recordBody(emptyBody)).toEqual(['<end>']);
});

test('after cancel the sink hears nothing more', () => {
  const early = bodyOf(Buffer.from('abc'));
  early.cancel();
  expect(recordBody(early)).toEqual([]);
  const late = bodyOf(Buffer.from('abc'));
  expect(recordBody(late, () => late.cancel())).toEqual(['abc']);
});

test('who cancels the empty body of one reply does not take it from the others', () => {
  emptyBody.cancel();
  expect(recordBody(emptyBody)).toEqual(['<end>']);
});
