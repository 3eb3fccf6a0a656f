import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const files = ['Dockerfile', 'docker-compose.yml', ...globSync('helm/perennial/**/*.yaml', { cwd: root })];

/** Variables that something of ours reads from its environment. */
const known = new Set(
  [
    ...read('libs/platform/src/config/config.ts').matchAll(/^ {2}([A-Z_]+): /gm),
    ...read('apps/simulator/src/main.ts').matchAll(/\b([A-Z]+(?:_[A-Z]+)*)\b/g),
  ].map(([, name]) => name!),
);

describe('What is deployed', () => {
  it.each(files)('%s starts only programs that there are', (file) => {
    const programs = [...read(file).matchAll(/dist\/(apps\/[a-z]+\/src\/main)\.js/g)].map(([, program]) => `${program}.ts`);
    expect(programs.filter((program) => !existsSync(join(root, program)))).toEqual([]);
  });

  it.each(['docker-compose.yml', 'helm/perennial/values.yaml'])('%s sets only variables that are read', (file) => {
    const set = [...read(file).matchAll(/^ +([A-Z][A-Z_]+): /gm)].map(([, name]) => name!).filter((name) => !name.startsWith('POSTGRES_'));
    expect(set.length).toBeGreaterThan(0);
    expect(set.filter((name) => !known.has(name))).toEqual([]);
  });

  it('runs on the Node that the project is tested on', () => {
    const major = JSON.parse(read('package.json')).devDependencies.node.replace(/\D*(\d+).*/, '$1');
    const images = [...read('Dockerfile').matchAll(/^FROM node:(\d+)/gm)].map(([, version]) => version);
    expect(images).toEqual([major, major]);
  });

  it('is told of every folder that the build reads', () => {
    const [, list] = /const SOURCES = \[([^\]]*)\]/.exec(read('tools/build.js'))!;
    const needed = list!.match(/[\w/]+/g)!.filter((folder) => !folder.startsWith('test/'));
    expect(needed.filter((folder) => !read('Dockerfile').includes(`COPY ${folder} ${folder}`))).toEqual([]);
  });

  it('has every value that its templates ask for', () => {
    const values = read('helm/perennial/values.yaml');
    const asked = globSync('helm/perennial/templates/**/*.*', { cwd: root }).flatMap((path) => [
      ...read(path).matchAll(/\.Values\.(\w+)(?:\.(\w+))?/g),
    ]);
    const missing = asked.filter(([, section, name]) => !new RegExp(`^${section}:${name ? `[^]*?\\n  ${name}:` : ''}`, 'm').test(values));
    expect(asked.length).toBeGreaterThan(10);
    expect(missing.map(([path]) => path)).toEqual([]);
  });
});

describe('The projects of Nest', () => {
  it('are all apps and libraries, and the migrations', () => {
    const folders = ['apps', 'libs'].flatMap((folder) =>
      readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [`${folder}/${entry.name}`] : [])),
    );
    const projects = Object.values<{ root: string }>(JSON.parse(read('nest-cli.json')).projects).map((project) => project.root);
    expect(projects.sort()).toEqual([...folders, 'migrations'].sort());
  });
});
