/** An accent colour and what can be read on it, `#rrggbb`. */
export interface Accent {
  /** Reads well as text on all grounds of the page. */
  readonly color: string;
  /** Reads well as text on the accent. */
  readonly on: string;
}

/** What text and its ground need between them to be read (WCAG 2.2, 1.4.3). */
const enough = 4.5;

/** How many lightnesses there are between black and white. */
const steps = 100;

/**
 * Makes an accent that can be read on these grounds: the colour itself where it can, else as little darker or lighter
 * as is needed, its hue kept. What stands on it has the colour of the ground that is farthest from it.
 */
export function fitAccent(color: string, grounds: readonly [string, ...string[]]): Accent {
  const [hue, saturation, lightness] = toHsl(color);
  const away = contrast(grounds[0], '#000000') > contrast(grounds[0], '#ffffff') ? 0 : 1;
  const fits = (candidate: string) => grounds.every((ground) => contrast(candidate, ground) >= enough);
  let fitted = color;
  for (let step = 1; !fits(fitted); step += 1) {
    fitted = toHex(hue, saturation, lightness + ((away - lightness) * step) / steps);
  }
  return { color: fitted, on: grounds.reduce((a, b) => (contrast(b, fitted) > contrast(a, fitted) ? b : a)) };
}

/** The contrast ratio of two colours, from 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = channels(color).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Hue in degrees, saturation and lightness from 0 to 1. */
function toHsl(color: string): [number, number, number] {
  const [red = 0, green = 0, blue = 0] = channels(color).map((value) => value / 255);
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const [lightness, range] = [(most + least) / 2, most - least];
  if (range === 0) return [0, 0, lightness];
  const saturation = range / (1 - Math.abs(2 * lightness - 1));
  if (most === red) return [60 * ((green - blue) / range), saturation, lightness];
  if (most === green) return [60 * ((blue - red) / range + 2), saturation, lightness];
  return [60 * ((red - green) / range + 4), saturation, lightness];
}

/** The inverse (CSS Color 4 §7.1). */
function toHex(hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const values = [0, 8, 4].map((offset) => {
    const turn = (offset + hue / 30 + 12) % 12;
    return lightness - reach * Math.max(-1, Math.min(turn - 3, 9 - turn, 1));
  });
  return `#${values
    .map((value) =>
      Math.round(value * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

const channels = (color: string): number[] => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
