import { Counter, type CounterConfiguration, type Metric, type Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

/** A number that only grows. Adding to it is all that a request pays for. */
export interface Tally {
  value: number;
}

/**
 * A prom-client counter over plain numbers: it copies them when it is scraped. Its own `inc` sorts and joins the labels
 * at each call, which costs a request more than what is counted.
 */
export class TallyCounter {
  readonly #tallies: { readonly labels: Labels; readonly tally: Tally }[] = [];

  constructor(configuration: Omit<CounterConfiguration<string>, 'collect'>) {
    const tallies = this.#tallies;
    new Counter({
      ...configuration,
      collect() {
        this.reset();
        for (const { labels, tally } of tallies) this.inc(labels, tally.value);
      },
    });
  }

  /** The tally of one set of labels, to be kept by who counts. */
  open(labels: Labels): Tally {
    const tally = { value: 0 };
    this.#tallies.push({ labels, tally });
    return tally;
  }
}

/** Observations of one set of labels, by bucket. */
export class BucketTally {
  readonly #bounds: readonly number[];
  /** How many observations fell into each bucket alone; the last one is for what is above every bound. */
  readonly counts: number[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.#bounds.length && value > this.#bounds[bucket]!) bucket += 1;
    this.counts[bucket]! += 1;
    this.sum += value;
  }
}

/** The same for a histogram. prom-client's cannot take ready counts, so this speaks to its registry in its own words. */
export class TallyHistogram {
  readonly name: string;
  readonly help: string;
  readonly #bounds: readonly number[];
  readonly #tallies: { readonly labels: Labels; readonly tally: BucketTally }[] = [];

  constructor(name: string, help: string, bounds: readonly number[], registry: Registry) {
    this.name = name;
    this.help = help;
    this.#bounds = bounds;
    registry.registerMetric(this as unknown as Metric);
  }

  open(labels: Labels): BucketTally {
    const tally = new BucketTally(this.#bounds);
    this.#tallies.push({ labels, tally });
    return tally;
  }

  /** What prom-client asks a metric at a scrape. */
  async get(): Promise<object> {
    const { name, help } = this;
    const values = this.#tallies.flatMap((entry) => [...this.#samplesOf(entry)]);
    return { name, help, type: 'histogram', aggregator: 'sum', values };
  }

  *#samplesOf({ labels, tally }: { labels: Labels; tally: BucketTally }): Iterable<object> {
    let count = 0;
    for (const [bucket, inside] of tally.counts.entries()) {
      count += inside;
      yield {
        metricName: `${this.name}_bucket`,
        labels: { le: this.#bounds[bucket] ?? '+Inf', ...labels },
        value: count,
      };
    }
    yield { metricName: `${this.name}_sum`, labels, value: tally.sum };
    yield { metricName: `${this.name}_count`, labels, value: count };
  }
}
