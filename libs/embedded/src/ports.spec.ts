import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { assertPortFree, freePort, PortTaken } from './ports.js';

describe('ports', () => {
  const servers: Server[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))));

  async function takenOn(host: string): Promise<number> {
    const server = createServer().listen(0, host);
    servers.push(server);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  it.each(['0.0.0.0', '127.0.0.1'])('a port taken on %s is named, and how to choose another', async (host) => {
    const port = await takenOn(host);
    const refusal = await assertPortFree(port, 'PORT').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PortTaken);
    expect((refusal as Error).message).toContain(`Port ${port} is already in use`);
    expect((refusal as Error).message).toContain(`PORT=${port + 1}`);
  });

  it('a free port can be listened on after it was asked for', async () => {
    const port = await freePort();
    await assertPortFree(port);
    const server = createServer().listen(port, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    await expect(assertPortFree(port)).rejects.toBeInstanceOf(PortTaken);
  });

  it.each([-1, 65_536, 3000.5, Number.NaN])('%s is no port', async (port) => {
    await expect(assertPortFree(port, 'PORT')).rejects.toThrow('PORT must be a port from 0 to 65535');
  });
});
