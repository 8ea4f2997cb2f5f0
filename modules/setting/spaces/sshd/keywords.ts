/** Keywords of sshd_config(5): the form of their values, and how several lines of one keyword count. */
import type { ValueType } from '../../key-space.ts';

/** The form of a value. */
export type ValueForm =
  | 'flag'
  | 'choice'
  | 'word'
  | 'upper'
  | 'number'
  | 'mask'
  | 'time'
  | 'words'
  | 'algorithms'
  | 'command'
  | 'listen'
  | 'startups'
  | 'rekey'
  | 'quality';

export interface Keyword {
  readonly form: ValueForm;
  /** `add`: to those before it. `vary`: which one counts differs between releases. */
  readonly lines: 'first' | 'add' | 'vary';
  /** Compiled in, the same in every release since 8.0 as its project publishes it; undefined where that is not sure. */
  readonly whenUnset: string | undefined;
}

/** `a b=no` declares the keyword a, and b with its default. */
const byForm: Readonly<Record<ValueForm, string>> = {
  flag: `allowagentforwarding=yes debianbanner disableforwarding=no exposeauthinfo=no gssapiauthentication=no
    gssapicleanupcredentials=yes gssapikeyexchange gssapistorecredentialsonrekey gssapistrictacceptorcheck=yes
    hostbasedauthentication=no hostbasedusesnamefrompacketonly=no ignoreuserknownhosts=no kbdinteractiveauthentication=yes
    kerberosauthentication=no kerberosgetafstoken=no kerberosorlocalpasswd=yes kerberosticketcleanup=yes
    passwordauthentication=yes permitemptypasswords=no permittty=yes permituserrc=yes printlastlog=yes printmotd=yes
    pubkeyauthentication=yes streamlocalbindunlink=no strictmodes=yes tcpkeepalive=yes usedns=no usepam=no
    x11forwarding=no x11uselocalhost=yes refuseconnection=no`,
  choice: `addressfamily=any allowstreamlocalforwarding=yes allowtcpforwarding=yes compression=yes gatewayports=no
    ignorerhosts=yes permitrootlogin=prohibit-password permittunnel=no permituserenvironment=no`,
  word: `authorizedkeyscommanduser=none authorizedprincipalscommanduser=none authorizedprincipalsfile=none banner=none
    chrootdirectory=none hostkeyagent=none modulifile pidfile rdomain=none revokedkeys=none securitykeyprovider
    sshdsessionpath sshdauthpath trustedusercakeys=none xauthlocation persourcenetblocksize`,
  upper: 'fingerprinthash=SHA256 loglevel=INFO syslogfacility=AUTH',
  number:
    'clientalivecountmax=3 maxauthtries=6 maxsessions=10 persourcemaxstartups port=22 requiredrsasize x11displayoffset=10',
  mask: 'streamlocalbindmask=0177',
  time: 'clientaliveinterval=0 logingracetime=120 unusedconnectiontimeout',
  words: `acceptenv allowgroups allowusers authenticationmethods=any authorizedkeysfile channeltimeout denygroups denyusers
    hostcertificate hostkey logverbose permitlisten=any permitopen=any pubkeyauthoptions setenv persourcepenalties
    persourcepenaltyexemptlist`,
  algorithms: `casignaturealgorithms ciphers gssapikexalgorithms hostbasedacceptedalgorithms hostkeyalgorithms
    kexalgorithms macs pubkeyacceptedalgorithms`,
  command: `authorizedkeyscommand=none authorizedprincipalscommand=none forcecommand=none subsystem versionaddendum`,
  listen: 'listenaddress',
  startups: 'maxstartups=10:30:100',
  rekey: 'rekeylimit',
  quality: 'ipqos',
};

const adding = new Set(
  `acceptenv allowgroups allowusers denygroups denyusers hostcertificate hostkey listenaddress port subsystem`.split(
    /\s+/,
  ),
);

/** Names that sshd takes for others. */
const aliases: Readonly<Record<string, string>> = {
  challengeresponseauthentication: 'kbdinteractiveauthentication',
  skeyauthentication: 'kbdinteractiveauthentication',
  dsaauthentication: 'pubkeyauthentication',
  hostdsakey: 'hostkey',
  hostbasedacceptedkeytypes: 'hostbasedacceptedalgorithms',
  keepalive: 'tcpkeepalive',
  pubkeyacceptedkeytypes: 'pubkeyacceptedalgorithms',
};

/** With blanks, which the table above cannot have. */
const longDefaults: Readonly<Record<string, string>> = {
  authorizedkeysfile: '.ssh/authorized_keys .ssh/authorized_keys2',
};

function makeKeywords(): ReadonlyMap<string, Keyword> {
  const forms = Object.entries(byForm) as [ValueForm, string][];
  return new Map(
    forms.flatMap(([form, words]) =>
      words.split(/\s+/).map((word): [string, Keyword] => {
        const [, name = '', whenUnset] = /^([^=]*)(?:=(.*))?$/.exec(word) ?? [];
        return [
          name,
          {
            form,
            lines: adding.has(name) ? 'add' : form === 'startups' ? 'vary' : 'first',
            whenUnset: whenUnset ?? longDefaults[name],
          },
        ];
      }),
    ),
  );
}

const keywords = makeKeywords();

/** The name under which settings of the keyword count: lower case, without synonyms. */
export function toKeywordName(written: string): string {
  const name = written.toLowerCase();
  return aliases[name] ?? name;
}

/** Undefined for a name that sshd does not have. @param name as `toKeywordName` makes it */
export function keywordOf(name: string): Keyword | undefined {
  return keywords.get(name);
}

export function keywordNames(): Iterable<string> {
  return keywords.keys();
}

const types: Readonly<Partial<Record<ValueForm, ValueType>>> = {
  flag: 'boolean',
  number: 'number',
  time: 'time',
  words: 'list',
  algorithms: 'list',
  listen: 'list',
};

export function typeOfKeyword({ form, lines }: Keyword): ValueType {
  return lines === 'add' ? 'list' : (types[form] ?? 'text');
}
