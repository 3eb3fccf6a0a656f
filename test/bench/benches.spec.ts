import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const FOLDER = 'dist/test/bench';
const benches = readdirSync(FOLDER).filter((name) => name.endsWith('.bench.js'));

it('Every bench loads as it is built, with all that it imports', () => {
  const addresses = benches.map((name) => pathToFileURL(`${FOLDER}/${name}`).href);
  const program = `for (const address of ${JSON.stringify(addresses)}) console.log(Object.keys(await import(address)).length);`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(printed.trim().split('\n')).toEqual(benches.map(() => '1'));
  expect(benches.length).toBeGreaterThan(5);
});
