/** Where a service listens, what it is called and where its data is. */
export interface Settings {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly instance: string;
  /** Path of the SQLite file. To ask for it is to need it: throws an error where DATABASE is not set. */
  readonly database: string;
}

/** Reads HOST, PORT, INSTANCE and DATABASE. Throws an error that names the variable to correct. */
export function readSettings(name: string, env: NodeJS.ProcessEnv): Settings {
  const { HOST: host = '127.0.0.1', PORT: port = '0', INSTANCE: instance = name, DATABASE: database } = env;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`PORT is ${JSON.stringify(port)}; it must be a number from 0 (any free port) to 65535`);
  }
  if (!/^[\w.-]{1,64}$/.test(instance)) {
    throw new Error(`INSTANCE is ${JSON.stringify(instance)}; use letters, digits, ".", "_" and "-" (64 at most)`);
  }
  return {
    host,
    port: Number(port),
    instance,
    get database() {
      if (database) return database;
      throw new Error(`DATABASE is not set; give the path of the SQLite file, for example DATABASE=./data/${name}.db`);
    },
  };
}
