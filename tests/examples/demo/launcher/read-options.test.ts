import { readOptions, UsageError } from '../../../../examples/demo/launcher/read-options.ts';

test('flags win over the environment, and paths start from the current folder', () => {
  const environment = {
    PORT: '1',
    OPERATIONS_PORT: '2',
    SERVICES_PORT: '0',
    DEMO_DATA: 'here',
    GARITA_DATABASE: 'g.db',
  };
  expect(readOptions(['--port', '3'], environment, '/home/ana')).toEqual({
    help: false,
    port: '3',
    operationsPort: '2',
    anyServicePorts: true,
    serviceData: '/home/ana/here/demo',
    gatewayDatabase: '/home/ana/g.db',
  });
});

test('what is not set, or set to nothing, is left to the configuration', () => {
  expect(readOptions([], { PORT: '', SERVICES_PORT: '', DEMO_DATA: '' }, '/home/ana')).toEqual({
    help: false,
    port: undefined,
    operationsPort: undefined,
    anyServicePorts: false,
    serviceData: '/home/ana/data/demo',
    gatewayDatabase: '/home/ana/data/garita.db',
  });
});

test.each([
  [['--prot', '1'], {}, "Unknown option '--prot'"],
  [['8080'], {}, "Unexpected argument '8080'"],
  [['--port', 'x'], {}, '--port is "x"'],
  [['--port='], {}, '--port is ""'],
  [[], { OPERATIONS_PORT: '70000' }, 'OPERATIONS_PORT is "70000"'],
  [[], { SERVICES_PORT: '7101' }, 'SERVICES_PORT is "7101"'],
])('%j with %j is wrong usage', (args, environment, message) => {
  expect(() => readOptions(args, environment, '/')).toThrow(UsageError);
  expect(() => readOptions(args, environment, '/')).toThrow(message);
});
