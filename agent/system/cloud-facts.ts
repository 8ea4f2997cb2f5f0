/**
 * What a host knows of the cloud that it runs in without asking anybody: the firmware's texts (DMI) and what cloud-init
 * wrote down. No metadata service is asked.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** Far more than cloud-init writes. */
const maximumBytes = 1024 * 1024;
const maximumCharacters = 256;

/** Reads a small file; undefined when it is not there or not to be read. */
export type ReadText = (path: string) => string | undefined;

export function readSmallFile(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text.length > maximumBytes ? undefined : text;
  } catch {
    return undefined;
  }
}

/** `v1` is for everybody; of the provider's own data only the public address is taken. */
const InstanceData = z.object({
  v1: z.object({
    cloud_name: z.string().optional().catch(undefined),
    instance_id: z.string().optional().catch(undefined),
    region: z.string().nullish().catch(undefined),
  }),
  ds: z
    .object({ meta_data: z.object({ 'public-ipv4': z.ipv4().optional().catch(undefined) }) })
    .optional()
    .catch(undefined),
});

/** By a beginning of the firmware's vendor or product. */
const vendors: readonly (readonly [beginning: string, cloud: string])[] = [
  ['Amazon EC2', 'aws'],
  ['Google Compute Engine', 'gce'],
  ['Alibaba Cloud', 'aliyun'],
  ['DigitalOcean', 'digitalocean'],
  ['Hetzner', 'hetzner'],
  ['Scaleway', 'scaleway'],
  ['Vultr', 'vultr'],
  ['OpenStack', 'openstack'],
];
/** The tag that Azure gives to every machine; Microsoft's vendor name is on laptops, too. */
const azureTag = '7783-7084-3265-9085-8269-3286-77';

function readFirmware(read: ReadText) {
  const textOf = (name: string): string => (read(`/sys/class/dmi/id/${name}`) ?? '').trim();
  const product = textOf('product_name');
  const names = [textOf('sys_vendor'), product];
  const known = vendors.find(([beginning]) => names.some((name) => name.startsWith(beginning)))?.[1];
  const cloud = textOf('chassis_asset_tag') === azureTag ? 'azure' : known;
  const board = textOf('board_asset_tag');
  return {
    cloud,
    // Amazon's newer machines have both there.
    instanceid: cloud === 'aws' && board.startsWith('i-') ? board : undefined,
    instancetype: cloud === 'aws' && /^[a-z0-9-]+\.[a-z0-9-]+$/.test(product) ? product : undefined,
  };
}

function readCloudInit(read: ReadText) {
  try {
    const parsed = InstanceData.safeParse(JSON.parse(read('/run/cloud-init/instance-data.json') ?? 'null')).data;
    const { cloud_name: cloud, instance_id: instanceid, region } = parsed?.v1 ?? {};
    return { cloud, instanceid, region: region ?? undefined, publicip: parsed?.ds?.meta_data['public-ipv4'] };
  } catch {
    return {};
  }
}

/** The known ones of `cloud`, `instanceid`, `instancetype`, `region` and `publicip`. */
export function readCloudFacts(read: ReadText = readSmallFile): Record<string, string> {
  const told = { ...readFirmware(read), ...withoutUnknown(readCloudInit(read)) };
  return withoutUnknown(told);
}

function withoutUnknown(facts: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const known = Object.entries(facts).flatMap(([name, value]) => {
    const isFit = value !== undefined && value !== '' && !value.includes('\0');
    return isFit ? [[name, value.slice(0, maximumCharacters)] as const] : [];
  });
  return Object.fromEntries(known);
}
