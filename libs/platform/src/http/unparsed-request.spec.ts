import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { type ProbeApp, startProbe } from '../testing/probe-app.js';

let probe: ProbeApp;
beforeAll(async () => {
  probe = await startProbe({});
  await probe.app.listen(0, '127.0.0.1');
});
afterAll(() => probe.app.close());

async function answerTo(bytes: string): Promise<string> {
  const { port } = probe.app.getHttpServer().address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  await once(socket, 'close');
  return answer;
}

describe('Bytes that are no HTTP request', () => {
  it.each([
    ['a line without meaning', 'hello\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
  ])('are answered with a problem document: %s', async (_name, bytes, status) => {
    const [head = '', body = ''] = (await answerTo(bytes)).split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status}`);
    expect(head).toContain('application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, code: 'bad_request' });
  });
});

describe('An expectation', () => {
  const get = (expect: string) =>
    answerTo(
      `POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\nExpect: ${expect}\r\n\r\n{}`,
    );

  it('that is not known is refused with a problem document', async () => {
    const [head = '', body = ''] = (await get('a-miracle')).split('\r\n\r\n');
    expect(head).toContain('HTTP/1.1 417');
    expect(head).toContain('application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status: 417, code: 'expectation_failed', requestId: expect.any(String) });
  });

  it('to go on with the body is met', async () => {
    const answer = await get('100-continue');
    expect(answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 404/);
  });
});
