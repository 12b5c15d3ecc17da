import { ResponseCache } from '../../../src/policies/cache/response-cache.ts';
import { cors } from '../../../src/policies/cors/cors.ts';
import { makeExchange } from '../../model/make-exchange.ts';

const complaintsAbout = (options: object): string[] =>
  cors.options.safeParse(options).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

test.each([
  'https://shop.example.com',
  'http://localhost:3000',
  'http://[::1]:8080',
  'https://xn--bcher-kva.example',
  'capacitor://localhost',
  'chrome-extension://abcdef',
  'null',
  '*',
])('%s is an origin', (origin) => {
  expect(complaintsAbout({ origins: origin })).toEqual([]);
});

const form = 'expected an origin as browsers send it, such as https://shop.example.com, or "*" or "null" in quotes';

test.each([
  ['https://shop.example.com/', 'browsers send this origin as https://shop.example.com: write it so'],
  ['https://shop.example.com:443', 'browsers send this origin as https://shop.example.com: write it so'],
  ['https://Shop.example.com', 'browsers send this origin as https://shop.example.com: write it so'],
  ['https://bücher.example', 'browsers send this origin as https://xn--bcher-kva.example: write it so'],
  ['shop.example.com', form],
  ['https://*.example.com', form],
  ['', form],
  ['app://x/y', form],
])('%s is none', (origin, message) => {
  expect(complaintsAbout({ origins: [origin] })).toEqual([`origins.0: ${message}`]);
});

test('what no browser would act on, or what would open the route to everybody with credentials, is refused', () => {
  expect(complaintsAbout({ origins: ['https://a.example', '*'] })).toEqual([
    'origins.1: "*" is every origin already: leave it out, or the others',
  ]);
  expect(complaintsAbout({ origins: '*', credentials: true })).toEqual([
    'origins.0: with credentials: true name the origins: every page could act as the user',
  ]);
  expect(complaintsAbout({ origins: 'null', credentials: true })).toEqual([
    'origins.0: with credentials: true "null" cannot be admitted: any page can be it',
  ]);
});

const facts = { id: 'r', methods: ['GET', 'PUT'], params: new Set<string>(), isPublic: true };

test('methods have to be those of the route, unless they are inherited', () => {
  const options = cors.options.parse({ origins: '*', methods: ['HEAD', 'PUT', 'DELETE'] });
  expect(cors.check(options, facts, false)).toEqual([
    { path: ['methods', 2], message: 'route r takes GET, PUT, and no DELETE' },
  ]);
  expect(cors.check(options, facts, true)).toEqual([]);
  expect(cors.check(options, { ...facts, methods: undefined }, false)).toEqual([]);
});

function crossOriginOf(options: object, methods: readonly string[] | undefined) {
  const clock = () => 0;
  return cors.create(cors.options.parse(options), {
    route: { ...facts, methods },
    clock,
    gatewayName: 'garita',
    responseCache: new ResponseCache({ maxBytes: 1, maxBody: 1, clock }),
    share: (create) => create(),
  }).crossOrigin!;
}

test('a route for every method allows the one that is asked for', () => {
  const preflight = { origin: 'https://a.example', method: 'PURGE', headers: ['X-A'] };
  expect(crossOriginOf({ origins: '*', headers: [] }, undefined).answer(preflight).headers).toEqual([
    ...['Access-Control-Allow-Origin', '*', 'Access-Control-Allow-Methods', 'PURGE', 'Access-Control-Max-Age', '600'],
  ]);
});

test('null is an origin only where it is written', () => {
  const said = (origins: string[]) => {
    const exchange = makeExchange({ headers: ['Origin', 'null'] });
    crossOriginOf({ origins, exposed: ['X-A'] }, undefined).announce(exchange);
    return exchange.replyHeaders;
  };
  expect(said(['https://a.example'])).toEqual(['Vary', 'Origin']);
  expect(said(['https://a.example', 'null'])).toEqual([
    ...['Vary', 'Origin', 'Access-Control-Allow-Origin', 'null', 'Access-Control-Expose-Headers', 'X-A'],
  ]);
});
