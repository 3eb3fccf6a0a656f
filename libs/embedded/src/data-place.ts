import { chmodSync, lstatSync, mkdirSync, readlinkSync, realpathSync, rmdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { followLink, moveToSystemFolder } from './relocated-data.js';
import { canEnter, isRoot, nobody, type RunAs } from './unprivileged-user.js';

export interface DataPlace {
  /** Holds `data`, the socket and the log: a real path, without links. */
  readonly folder: string;
  /** Whom the server runs as, if not as this process. */
  readonly user: RunAs | undefined;
}

/** One spelling for one folder, so that two launchers that name it differently still meet at one lock. */
export function canonical(dataDir: string): string {
  mkdirIfMissing(dirname(resolve(dataDir)));
  return join(realpathSync(dirname(resolve(dataDir))), basename(dataDir));
}

/**
 * Makes `dataDir` and says where the files of a server really lie.
 *
 * An ordinary user's server runs as that user, in `dataDir` itself, and all is simple. PostgreSQL refuses to run as root, so
 * root's server runs as `nobody` (or as the ordinary user who made the data), and that user must be able to reach the data. In a
 * project that only root may enter it cannot, whatever the mode of `dataDir`. The files then lie in a folder of the system,
 * `/var/lib/perennial/data-…`, and `dataDir` is a symbolic link to it: the link alone says which data is ours. Such a project can
 * be moved; a copy of it is refused, for two servers cannot share one data folder; whoever deletes the link starts empty.
 */
export async function prepareDataPlace(dataDir: string): Promise<DataPlace> {
  if (!isRoot()) return { folder: ordinaryFolder(dataDir), user: undefined };
  if (lstatSync(dataDir, { throwIfNoEntry: false })?.isSymbolicLink()) {
    const folder = followLink(dataDir, readlinkSync(dataDir));
    const user = ownerOfData(folder) ?? nobody();
    if (!canEnter(folder, user))
      throw new Error(
        `PostgreSQL does not run as root, and user ${user.uid} cannot enter ${folder}. Open it with chmod, or remove ${dataDir}.`,
      );
    return { folder, user };
  }
  const isNew = mkdirIfMissing(dataDir);
  const user = ownerOfData(dataDir) ?? nobody();
  if (statSync(dataDir).uid === 0) chmodSync(dataDir, 0o711);
  if (canEnter(dataDir, user)) return { folder: dataDir, user };
  if (isNew) rmdirSync(dataDir);
  return { folder: await moveToSystemFolder(dataDir, user), user };
}

function ordinaryFolder(dataDir: string): string {
  mkdirIfMissing(dataDir);
  const folder = realpathSync(dataDir);
  const owner = ownerOfData(folder);
  if (owner && owner.uid !== process.getuid?.()) {
    throw new Error(
      `The data in ${dataDir} belongs to user ${owner.uid}, as after a start by root. Start as root, or choose another folder with PERENNIAL_HOME.`,
    );
  }
  return folder;
}

function ownerOfData(folder: string): RunAs | undefined {
  const data = lstatSync(join(folder, 'data'), { throwIfNoEntry: false });
  return data && data.uid !== 0 ? { uid: data.uid, gid: data.gid } : undefined;
}

/** For root passable by others, who may not list it; for an ordinary user private. */
function mkdirIfMissing(folder: string): boolean {
  const mode = isRoot() ? 0o711 : 0o700;
  if (mkdirSync(folder, { recursive: true, mode }) === undefined) return false;
  chmodSync(folder, mode);
  return true;
}
