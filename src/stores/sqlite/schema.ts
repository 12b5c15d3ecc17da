/** What turns version n of the schema into n + 1. Only ever appended to: databases out there have run the others. */
export const migrations: readonly string[] = [
  `CREATE TABLE signing_keys (
     id TEXT PRIMARY KEY,
     algorithm TEXT NOT NULL,
     private_key TEXT NOT NULL,
     created_at INTEGER NOT NULL
   ) STRICT`,
  `CREATE TABLE revocations (
     position INTEGER PRIMARY KEY AUTOINCREMENT,
     level TEXT NOT NULL,
     id TEXT NOT NULL,
     until INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX revocations_until ON revocations (until)`,
  `ALTER TABLE signing_keys RENAME TO old_signing_keys;
   CREATE TABLE signing_keys (
     id TEXT PRIMARY KEY,
     algorithm TEXT NOT NULL,
     private_key TEXT NOT NULL,
     created_at REAL NOT NULL,
     active_from REAL NOT NULL,
     removed_from REAL
   ) STRICT;
   INSERT INTO signing_keys (id, algorithm, private_key, created_at, active_from)
     SELECT id, algorithm, private_key, created_at, created_at FROM old_signing_keys ORDER BY rowid;
   DROP TABLE old_signing_keys;
   CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

   CREATE TABLE clients (
     id TEXT PRIMARY KEY,
     disabled INTEGER NOT NULL,
     secrets TEXT NOT NULL,
     created_at REAL NOT NULL,
     settings TEXT NOT NULL
   ) STRICT;
   CREATE TABLE client_origins (
     origin TEXT NOT NULL,
     client_id TEXT NOT NULL REFERENCES clients,
     PRIMARY KEY (origin, client_id)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE grants (
     id TEXT PRIMARY KEY,
     subject TEXT NOT NULL,
     client_id TEXT NOT NULL,
     scopes TEXT NOT NULL,
     audience TEXT NOT NULL,
     session TEXT,
     auth_time REAL NOT NULL,
     created_at REAL NOT NULL,
     expires_at REAL NOT NULL,
     roles TEXT NOT NULL,
     claims TEXT NOT NULL,
     revoked_at REAL
   ) STRICT;
   CREATE INDEX grants_subject ON grants (subject);
   CREATE INDEX grants_client ON grants (client_id);
   CREATE INDEX grants_session ON grants (session);
   CREATE INDEX grants_created ON grants (created_at, id);
   CREATE INDEX grants_expires ON grants (expires_at);
   CREATE TABLE codes (
     id TEXT PRIMARY KEY,
     grant_id TEXT NOT NULL,
     redirect_uri TEXT,
     code_challenge TEXT,
     expires_at REAL NOT NULL,
     spent_at REAL,
     kept_until REAL NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX codes_kept ON codes (kept_until);
   CREATE TABLE refresh_tokens (
     id TEXT PRIMARY KEY,
     grant_id TEXT NOT NULL,
     expires_at REAL NOT NULL,
     spent_at REAL,
     successor TEXT,
     kept_until REAL NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX refresh_tokens_kept ON refresh_tokens (kept_until);

   CREATE TABLE sessions (
     id TEXT PRIMARY KEY,
     visit TEXT NOT NULL,
     subject TEXT NOT NULL,
     roles TEXT NOT NULL,
     claims TEXT NOT NULL,
     auth_time REAL NOT NULL,
     idle_until REAL NOT NULL,
     expires_at REAL NOT NULL
   ) STRICT;
   CREATE INDEX sessions_subject ON sessions (subject);
   CREATE INDEX sessions_idle ON sessions (idle_until);

   CREATE TABLE interactions (
     id TEXT PRIMARY KEY,
     browser TEXT NOT NULL,
     request TEXT NOT NULL,
     expires_at REAL NOT NULL
   ) STRICT;
   CREATE INDEX interactions_expires ON interactions (expires_at);

   CREATE TABLE consents (
     subject TEXT NOT NULL,
     client_id TEXT NOT NULL,
     scopes TEXT NOT NULL,
     expires_at REAL NOT NULL,
     PRIMARY KEY (subject, client_id)
   ) STRICT;
   CREATE INDEX consents_client ON consents (client_id);
   CREATE INDEX consents_expires ON consents (expires_at);

   CREATE TABLE users (
     id TEXT PRIMARY KEY,
     username TEXT NOT NULL,
     folded_username TEXT NOT NULL UNIQUE,
     password_hash TEXT NOT NULL,
     roles TEXT NOT NULL,
     attributes TEXT NOT NULL,
     disabled INTEGER NOT NULL,
     created_at REAL NOT NULL
   ) STRICT;

   CREATE TABLE audit (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     type TEXT NOT NULL,
     at REAL NOT NULL,
     actor TEXT,
     subject TEXT,
     client_id TEXT,
     address TEXT,
     grant_id TEXT,
     detail TEXT
   ) STRICT;
   CREATE INDEX audit_type ON audit (type);
   CREATE INDEX audit_at ON audit (at);
   CREATE INDEX audit_actor ON audit (actor);
   CREATE INDEX audit_subject ON audit (subject);
   CREATE INDEX audit_client ON audit (client_id)`,
  // When the grant ends once the code is used.
  'ALTER TABLE codes ADD COLUMN grant_ends REAL',
];
