import { parseCookie, type SetCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';

/** `session`: who is signed in. `browser`: that it is the same browser, signed in or not. */
export type CookieName = 'session' | 'browser';

/** The cookies of this server: random values that mean something to its store alone. */
export interface Cookies {
  /** The value, if it has the form of one that was set here. */
  read(req: Request, name: CookieName): string | undefined;
  /** Sets a cookie that ends with the browser, if its record does not end before. */
  set(res: Response, name: CookieName, value: string): void;
  clear(res: Response, name: CookieName): void;
}

/** 256 bits, base64url. */
const valueForm = /^[A-Za-z0-9_-]{43}$/;

/**
 * Cookies as an issuer can have them. `__Host-` makes browsers refuse those that another host of the domain tries to
 * set (RFC 6265bis §4.1.3.2), and needs https; plain http exists on loopback only.
 */
export function createCookies(issuer: string): Cookies {
  const secure = new URL(issuer).protocol === 'https:';
  const nameOf = (name: CookieName) => `${secure ? '__Host-' : ''}garita-${name}`;
  const write = (res: Response, name: CookieName, value: string, further: Partial<SetCookie> = {}) => {
    const cookie = {
      name: nameOf(name),
      value,
      path: '/',
      httpOnly: true,
      secure,
      sameSite: 'lax',
      ...further,
    } as const;
    res.append('Set-Cookie', stringifySetCookie(cookie));
  };
  return {
    read(req, name) {
      const value = parseCookie(req.headers.cookie ?? '')[nameOf(name)];
      return value !== undefined && valueForm.test(value) ? value : undefined;
    },
    set: write,
    clear: (res, name) => write(res, name, '', { maxAge: 0 }),
  };
}
