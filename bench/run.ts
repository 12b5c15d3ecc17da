import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cases } from './cases.ts';
import { Children } from './children.ts';
import { checkEvents, eventTargets, printEvents } from './events.ts';
import { judge } from './goals.ts';
import { chooseLoad } from './load/load.ts';
import { describeMachine, pinCores } from './machine.ts';
import { type MatcherRow, printMatchers } from './matcher.ts';
import type { Bench } from './measure.ts';
import { type Options, readOptions, UsageError, usage } from './options.ts';
import { readLastLine } from './read-last-line.ts';
import { printTable, tabulate } from './report.ts';
import { type CaseResult, runCase } from './run-case.ts';
import { targets } from './targets/index.ts';
import { printTransfers, tabulateTransfers } from './transfer/report.ts';
import { runTransfer, type TransferResult } from './transfer/run-transfer.ts';
import { transfers as knownTransfers } from './transfer/transfers.ts';
import { startUpstream } from './upstream/upstream.ts';

const results = path.join(import.meta.dirname, 'results');

/** Runs the chosen cases, prints the tables, writes the JSON; resolves with the exit code. */
async function run(options: Options): Promise<number> {
  const pinning = pinCores();
  using scratch = makeScratch();
  await using children = new Children(pinning.server);
  using _ = stopOnSignal(children, scratch);
  const machine = describeMachine();
  const load = chooseLoad();
  const bench: Bench = { load, pinning, children, scratch: scratch.directory };

  const chosenCases = cases.filter(({ id }) => options.cases.includes(id));
  const chosenTargets = targets.filter(({ name }) => options.targets.includes(name));
  const present = chosenTargets.filter((target) => !target.absent?.());
  const absent = chosenTargets.flatMap((target) => target.absent?.() ?? []);
  const notes = [...pinning.warnings, ...absent.map((reason) => `Left out: ${reason}.`)];
  for (const note of notes) console.error(`! ${note}`);

  const upstream = await startUpstream(children, scratch.directory);
  console.error(`${machine.cpu}, Node ${machine.node}; load: ${load.name}, upstream: ${upstream.name}`);
  const surroundings = { children, upstreams: upstream.urls, scratch: scratch.directory };
  const tell = (line: string): void => console.error(line);
  const among = (names: readonly string[]) => present.filter(({ name }) => names.includes(name));
  const caseResults: CaseResult[] = [];
  for (const contest of chosenCases)
    caseResults.push(await runCase(bench, surroundings, contest, among(contest.targets), options, tell));
  const transferResults: TransferResult[] = [];
  for (const transfer of knownTransfers.filter(({ id }) => options.transfers.includes(id)))
    transferResults.push(
      ...(await runTransfer(bench, surroundings, transfer, among(transfer.targets), options.rounds, tell)),
    );
  const events = options.event ? await checkEvents(surroundings, among(eventTargets)) : [];
  const matchers = options.matcher ? await measureMatchers(children) : [];

  const rows = tabulate(caseResults);
  const transfers = tabulateTransfers(transferResults);
  const goals = judge({ rows, matchers, transfers, events });
  write({
    at: new Date().toISOString(),
    options,
    machine,
    notes,
    load: load.name,
    upstream: upstream.name,
    rows,
    transfers,
    events,
    matchers,
    goals,
  });
  if (rows.length > 0) console.log(`\n${printTable(rows)}\n`);
  if (transfers.length > 0) console.log(`${rows.length > 0 ? '' : '\n'}${printTransfers(transfers)}\n`);
  if (events.length > 0) console.log(`${printEvents(events)}\n`);
  if (matchers.length > 0) console.log(`${printMatchers(matchers)}\n`);
  for (const { goal, value, reached } of goals)
    console.log(`${reached ? 'reached' : 'MISSED '}  ${goal}: ${value.toFixed(2)}`);
  const failures = [
    ...rows.map((row) => ({ id: row.case, ...row })),
    ...transfers.map((row) => ({ id: row.transfer, ...row })),
    ...events.map((row) => ({ id: 'event', ...row })),
  ].filter(({ failure }) => failure);
  for (const { id, target, failure } of failures) console.error(`FAILED ${id} ${target}: ${failure}`);
  return failures.length > 0 ? 1 : 0;
}

/** In a process of its own, on the server's core, so that nothing that ran before has shaped the compiled code. */
async function measureMatchers(children: Children): Promise<MatcherRow[]> {
  const script = path.join(import.meta.dirname, 'matcher.ts');
  const child = children.start(process.execPath, [script, '--json'], { core: children.serverCore, stdout: 'pipe' });
  return JSON.parse(await readLastLine(child)) as MatcherRow[];
}

interface Scratch extends Disposable {
  readonly directory: string;
}

function makeScratch(): Scratch {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'garita-bench-'));
  return { directory, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) };
}

function stopOnSignal(children: Children, scratch: Scratch): Disposable {
  const stop = async (signal: NodeJS.Signals) => {
    await children[Symbol.asyncDispose]();
    scratch[Symbol.dispose]();
    process.exit(128 + os.constants.signals[signal]);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return { [Symbol.dispose]: () => process.off('SIGINT', stop).off('SIGTERM', stop) };
}

function write(outcome: { readonly at: string; readonly [part: string]: unknown }): void {
  mkdirSync(results, { recursive: true });
  const json = `${JSON.stringify(outcome, null, 2)}\n`;
  for (const name of [outcome.at.replaceAll(':', '-'), 'latest'])
    writeFileSync(path.join(results, `${name}.json`), json);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') console.log(usage);
  else process.exitCode = await run(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
