import { Gauge, type Registry } from 'prom-client';

/** What can be read off the gateway at the moment of a scrape. */
export interface MetricSources {
  readonly instances: () => Iterable<{
    readonly service: string;
    readonly state: {
      readonly instance: { readonly id: string };
      readonly reachable: boolean;
      readonly inFlight: number;
    };
  }>;
  readonly cache: () => { readonly bytes: number; readonly entries: number };
  readonly linesDropped: () => number;
}

/** Gauges that are read when somebody asks, and cost nothing until then. */
export function observeAtScrape(sources: MetricSources, registers: Registry[]): void {
  const labelNames = ['service', 'instance'];
  new Gauge({
    name: 'garita_instance_up',
    help: '1 while an instance can be reached.',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { service, state } of sources.instances())
        this.set({ service, instance: state.instance.id }, Number(state.reachable));
    },
  });
  new Gauge({
    name: 'garita_instance_in_flight',
    help: 'Attempts that are going on at an instance.',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { service, state } of sources.instances())
        this.set({ service, instance: state.instance.id }, state.inFlight);
    },
  });
  new Gauge({
    name: 'garita_cache_bytes',
    help: 'Memory that cached replies take.',
    registers,
    collect() {
      this.set(sources.cache().bytes);
    },
  });
  new Gauge({
    name: 'garita_cache_entries',
    help: 'Replies in the cache.',
    registers,
    collect() {
      this.set(sources.cache().entries);
    },
  });
  new Gauge({
    name: 'garita_log_lines_dropped',
    help: 'Log lines lost since the start because their reader was too slow.',
    registers,
    collect() {
      this.set(sources.linesDropped());
    },
  });
}
