/** Bill of materials of a program in CycloneDX 1.6: the packages in esbuild's bundle, with the lock file's versions. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { vendoredLibraries } from './addon/vendored.ts';

export interface SbomInput {
  /** Absolute path of the checkout. */
  readonly root: string;
  readonly program: 'mig' | 'mig-agent';
  readonly version: string;
  /** Packages whose code is in the executable, as the lock file names them: `node_modules/zod`. */
  readonly packages: readonly string[];
  /** Version of the Node inside. */
  readonly nodeVersion: string;
}

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), integrity: z.string().optional(), license: z.string().optional() }),
  ),
});

/** Compiled into the addon, where no bundler sees them; node-addon-api is headers only. */
const nativePackages = [
  'node_modules/node-addon-api',
  ...vendoredLibraries.map((library) => `node_modules/${library.package}`),
];
/** Libraries inside Node that vulnerabilities are reported for by name. */
const nodeLibraries = ['openssl', 'v8', 'uv', 'zlib', 'ares', 'nghttp2', 'llhttp', 'brotli', 'simdjson', 'sqlite'];

type Component = Readonly<Record<string, unknown>>;

/** `sha512-…` of npm as CycloneDX writes it. */
function toHashes(integrity: string | undefined): Component {
  const [, base64] = /^sha512-([A-Za-z0-9+/=]+)$/.exec(integrity ?? '') ?? [];
  if (base64 === undefined) return {};
  return { hashes: [{ alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') }] };
}

function toComponent(path: string, lock: z.infer<typeof Lock>): Component {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const { version = '', integrity, license } = lock.packages[path] ?? {};
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const vendored = vendoredLibraries.find((library) => library.package === name);
  return {
    type: 'library',
    name,
    version,
    purl,
    'bom-ref': purl,
    ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
    ...toHashes(integrity),
    ...(vendored?.upstream === undefined ? {} : { components: [{ type: 'library', ...vendored.upstream }] }),
  };
}

/** The libraries of Node are known only when the builder itself runs on that Node, as under npm run. */
function toNodeComponent(nodeVersion: string): Component {
  const libraries =
    process.versions.node === nodeVersion
      ? nodeLibraries.flatMap((name) => {
          const version = process.versions[name];
          return version === undefined ? [] : [{ type: 'library', name, version }];
        })
      : [];
  const purl = `pkg:generic/node@${nodeVersion}`;
  return { type: 'platform', name: 'node', version: nodeVersion, purl, 'bom-ref': purl, components: libraries };
}

/** Has no time and no serial number: the same build gives the same text. */
export async function makeSbom({ root, program, version, packages, nodeVersion }: SbomInput): Promise<string> {
  const lock = Lock.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
  const paths = [...new Set([...packages, ...nativePackages])].sort();
  const components = [toNodeComponent(nodeVersion), ...paths.map((path) => toComponent(path, lock))];
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name: program, version, 'bom-ref': program } },
    components,
    dependencies: [{ ref: program, dependsOn: components.map((component) => component['bom-ref']) }],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}
