import { spawnSync } from 'node:child_process';

/** The user that a server runs as; PostgreSQL refuses to run as root. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The user `nobody`, which Linux and macOS have from the start; its number differs between them. */
export function nobody(): RunAs {
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout));
  if (!uid || !gid)
    throw new Error('PostgreSQL does not run as root, and this machine has no user "nobody" to run it as. Start as an ordinary user.');
  return { uid, gid };
}

/** Whether `user` can enter `folder`: tried rather than computed from modes, which say nothing of access lists and mounts. */
export function canEnter(folder: string, user: RunAs | undefined): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}
