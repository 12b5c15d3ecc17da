/** One address of a service. */
export interface Instance {
  /** `host:port`, unique in its service: the name in logs and metrics. */
  readonly id: string;
  /** Scheme, host and port, without a trailing slash. */
  readonly origin: string;
  /** Share of the traffic relative to its siblings; 1 when nothing else is said. */
  readonly weight: number;
}
