import { existsSync, readFileSync } from 'node:fs';
import { awaitStop } from './launcher/await-stop.ts';
import { describeDemo } from './launcher/banner.ts';
import { Demo } from './launcher/demo.ts';
import { StartError } from './launcher/demo-process.ts';
import { type Options, readOptions, UsageError, usage } from './launcher/read-options.ts';
import { refuseStart } from './launcher/refuse-start.ts';

if (existsSync('.env')) process.loadEnvFile('.env');
// A terminal that was closed or a reader that went away must not keep the demo from stopping in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));

/** `npm start`: runs the demo until it is stopped. Gives the exit code: 0 stopped, 1 failed, 2 wrong usage. */
async function main(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args, process.env, process.cwd());
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const refusal = refuseStart({
    environment: process.env,
    nodeVersion: process.versions.node,
    engines: readEngines(),
    folder: options.serviceData,
  });
  if (refusal === undefined) return run(new Demo(options, process.env));
  console.error(refusal);
  return 1;
}

async function run(demo: Demo): Promise<number> {
  const stopped = awaitStop({
    patient: () => console.error('Still finishing what is being answered. Ctrl-C again stops at once.'),
    insist: () => {
      demo.kill();
      process.exit(130);
    },
  });
  try {
    return await Promise.race([serve(demo), stopped.then(() => 0)]);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    return 1;
  } finally {
    await demo.stop();
  }
}

async function serve(demo: Demo): Promise<number> {
  console.log(describeDemo(await demo.start()));
  console.error(`The gateway has ended: ${await demo.gatewayEnded}. Everything else stops too.`);
  return 1;
}

function readEngines(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { engines: { node: string } }).engines.node;
}
