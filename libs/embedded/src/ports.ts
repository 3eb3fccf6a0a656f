import { type AddressInfo, createServer } from 'node:net';

export class PortTaken extends Error {
  constructor(
    readonly port: number,
    /** What is wrong, and what the person can do, e.g. `Choose another with PORT=3001.` */
    message: string,
  ) {
    super(message);
    this.name = 'PortTaken';
  }
}

/**
 * A TCP port on 127.0.0.1 that nobody listens on now. Another program may take it before the caller does, so a server that can
 * should listen on port 0 itself and tell what it got.
 */
export async function freePort(): Promise<number> {
  return listenAndLeave(0, '127.0.0.1');
}

/**
 * Fails with PortTaken if something listens on `port`, on any address or on 127.0.0.1 alone.
 * `variable` is the setting that chooses the port and is named in the message, e.g. `PORT`.
 */
export async function assertPortFree(port: number, variable = 'PORT'): Promise<void> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new RangeError(`${variable} must be a port from 0 to 65535, not ${port}.`);
  // Both are asked: a program on 127.0.0.1 alone leaves the wildcard address free, and its clients would reach it instead of us.
  for (const host of [undefined, '127.0.0.1']) {
    try {
      await listenAndLeave(port, host);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE')
        throw new PortTaken(
          port,
          `Port ${port} is already in use by another program on this machine. Stop that program, or choose another port with ${variable}=${port + 1}.`,
        );
      if (code === 'EACCES')
        throw new PortTaken(port, `Port ${port} is reserved for the system: choose one above 1023, e.g. ${variable}=3000.`);
      throw error;
    }
  }
}

function listenAndLeave(port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const taken = (server.address() as AddressInfo).port;
      server.close(() => resolve(taken));
    });
  });
}
