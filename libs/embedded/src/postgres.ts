import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBinaries } from './binaries.js';
import { ensureCluster } from './cluster.js';
import { canonical, prepareDataPlace } from './data-place.js';
import { adoptOrLaunch } from './launch.js';
import { takeLauncherLock } from './launcher-lock.js';
import { stopPostmaster, tellPostmasterToStop } from './postmaster.js';
import { makeSocketFolder } from './socket-folder.js';

/** Part of the socket's file name only: nothing listens on TCP. */
const PORT = 5432;

const SETTINGS: Record<string, string> = {
  shared_buffers: '256MB',
  max_connections: '100',
  // No replica can follow a laptop's server, so it need not log for one.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  random_page_cost: '1.1',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  // Compiling a plan costs more than the short queries of this system ever win back.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
};

export interface PostgresOptions {
  /** Folder of its own: holds the cluster (`data`), the socket and the log. Made if it is not there. */
  readonly dataDir: string;
  /** False risks the data in a power cut: for tests only. */
  readonly fsync?: boolean;
  /** Added to, or replacing, the settings above; values as in postgresql.conf, e.g. `{ shared_buffers: '1GB' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default `<dataDir>/postgres.log`. */
  readonly logFile?: string;
}

export interface RunningPostgres {
  /** Connection string over the private socket, for pg, TypeORM and psql alike. Default role: the superuser `postgres`. */
  url(database: string, role?: string): string;
  readonly port: number;
  readonly socketDir: string;
  readonly pid: number;
  /** Ends the server and waits until it has written everything. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that came from npm on the data in `dataDir`, which it makes the first time (about two seconds; later
 * starts take a tenth of one). It listens on a Unix socket only, in a folder that only its user may enter, so it needs no
 * password and no free port. After a kill -9 of this process the server lives on, and the next start takes it over.
 *
 * Throws AlreadyRunning while another live process has started it on the same `dataDir`. Where root's data lies is explained
 * at prepareDataPlace.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dataDir = canonical(options.dataDir);
  const lock = takeLauncherLock(`${dataDir}.lock`, dataDir);
  try {
    const { folder, user } = await prepareDataPlace(dataDir);
    const binaries = findBinaries(user, folder);
    const data = await ensureCluster(folder, binaries, user, options.fsync !== false);
    const socketDir = makeSocketFolder(folder, `.s.PGSQL.${PORT}`, user);
    const logFile = options.logFile ?? join(folder, 'postgres.log');
    const pid = await adoptOrLaunch({
      program: binaries.postgres,
      args: serverArguments(data, socketDir, options),
      data,
      socketDir,
      user,
      logFile,
    });

    // A process that ends without stopping its server, as by process.exit, must not leave it behind.
    const onExit = () => {
      tellPostmasterToStop(data, pid);
      lock.release();
    };
    process.once('exit', onExit);
    return {
      url: (database, role = 'postgres') =>
        `postgresql://${encodeURIComponent(role)}@${encodeURIComponent(socketDir)}:${PORT}/${encodeURIComponent(database)}`,
      port: PORT,
      socketDir,
      pid,
      stop: async () => {
        await stopPostmaster(data, pid);
        rmSync(socketDir, { recursive: true, force: true });
        process.off('exit', onExit);
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function serverArguments(data: string, socketDir: string, options: PostgresOptions): string[] {
  const settings: Record<string, string> = {
    ...SETTINGS,
    fsync: options.fsync === false ? 'off' : 'on',
    ...options.settings,
    listen_addresses: '',
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
  };
  return ['-D', data, '-p', String(PORT), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
