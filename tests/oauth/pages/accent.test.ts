import fc from 'fast-check';
import { contrast, fitAccent } from '../../../src/oauth/pages/accent.ts';

const light = ['#ffffff', '#f5f4ef'] as const;
const dark = ['#191e1c', '#101412'] as const;

describe('contrast', () => {
  test.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#0000ff', '#ffffff', 8.59],
  ])('of %s and %s is %d, as WCAG counts', (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 2);
    expect(contrast(other, one)).toBe(contrast(one, other));
  });
});

describe('fitAccent', () => {
  test('leaves a colour alone that can be read', () => {
    expect(fitAccent('#0b6e4f', light)).toEqual({ color: '#0b6e4f', on: '#ffffff' });
    expect(fitAccent('#ffdd00', dark)).toEqual({ color: '#ffdd00', on: '#101412' });
  });

  test('keeps the hue of one that cannot', () => {
    expect(fitAccent('#ffdd00', light).color).toBe('#806f00');
    expect(fitAccent('#cc0000', dark).color).toMatch(/^#ff(..)\1$/);
  });

  test('any colour becomes one that can be read, on both sides', () => {
    const channel = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(channel, (color) => {
        for (const grounds of [light, dark]) {
          const fitted = fitAccent(color, grounds);
          const against = [...grounds, fitted.on].map((ground) => contrast(fitted.color, ground));
          expect(Math.min(...against)).toBeGreaterThanOrEqual(4.5);
        }
      }),
    );
  });
});
