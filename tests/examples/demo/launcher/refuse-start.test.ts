import { tmpdir } from 'node:os';
import { refuseStart } from '../../../../examples/demo/launcher/refuse-start.ts';

const ground = { environment: {}, engines: '>=24.17', folder: tmpdir() };

test.each(['24.17.0', '24.18.1', '26.0.0', '100.0.0'])('Node %s will do', (nodeVersion) => {
  expect(refuseStart({ ...ground, nodeVersion })).toBeUndefined();
});

test.each(['22.18.0', '24.3.0', '24.16.9', '9.0.0'])('Node %s is too old', (nodeVersion) => {
  expect(refuseStart({ ...ground, nodeVersion })).toContain(`Node ${nodeVersion} is too old: 24.17 or later is needed`);
});
