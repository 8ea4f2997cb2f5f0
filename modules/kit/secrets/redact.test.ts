import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Stopwatch } from '../../../tests/stopwatch.ts';
import { redactArguments } from './redact.ts';

describe('redactArguments', () => {
  // Each list twice: as given, and as it may be shown.
  const cases: readonly (readonly [string, string])[] = [
    ['app --password hunter2', 'app --password <redacted>'],
    ['app --password=hunter2 --port=80', 'app --password=<redacted> --port=80'],
    ['app --db-password=x --dbPassword y', 'app --db-password=<redacted> --dbPassword <redacted>'],
    ['env DB_PASSWORD=x API_KEY=y PATH=/bin run', 'env DB_PASSWORD=<redacted> API_KEY=<redacted> PATH=/bin run'],
    [
      'java -Djavax.net.ssl.keyStorePassword=changeit -Xmx1g',
      'java -Djavax.net.ssl.keyStorePassword=<redacted> -Xmx1g',
    ],
    ['mysql -uroot -psecret db', 'mysql -uroot -p<redacted> db'],
    ['/usr/bin/sshpass -p secret ssh host', '/usr/bin/sshpass -p <redacted> ssh host'],
    ['curl -u user:secret https://h', 'curl -u <redacted> https://h'],
    ['psql postgres://app:s3cret@db:5432/x', 'psql postgres://app:<redacted>@db:5432/x'],
    ['run AKIAIOSFODNN7EXAMPLE', 'run <redacted>'],
    ['run ghp_0123456789abcdefghijABCDEFGHIJ012345', 'run <redacted>'],
    ['run 9f86d081884c7d659a2feaa0c55ad015', 'run <redacted>'],
    ['run 7Fq2ZpL0aXv9KcTn4WmRb8Yd', 'run <redacted>'],
    ['beam.smp -setcookie monster -sname x', 'beam.smp -setcookie <redacted> -sname x'],
    ['sshd -D -p 22', 'sshd -D -p 22'],
    ['nginx: worker process', 'nginx: worker process'],
    [
      '/usr/lib/systemd/systemd --switched-root --system --deserialize=31',
      '/usr/lib/systemd/systemd --switched-root --system --deserialize=31',
    ],
    ['ssh -i /home/a/.ssh/id_ed25519 host', 'ssh -i /home/a/.ssh/id_ed25519 host'],
    ['python -m http.server 8000', 'python -m http.server 8000'],
    ['kthreadd', 'kthreadd'],
    ['run wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'run <redacted>'],
    ['docker run -p 80:80 -v /run/secrets:/run/secrets:ro x', 'docker run -p 80:80 -v /run/secrets:/run/secrets:ro x'],
    ['sshd -o HostKey=/etc/ssh/key --key /etc/x.pem', 'sshd -o HostKey=/etc/ssh/key --key /etc/x.pem'],
    ['npm install http://h:4873/@scope/x', 'npm install http://h:4873/@scope/x'],
    ['git clone ssh://git@h/x', 'git clone ssh://git@h/x'],
    ['curl -XPUT --user-agent x -b a=b https://h', 'curl -XPUT --user-agent x -b <redacted> https://h'],
    [
      'gpg-agent --homedir /root/.gnupg --pinentry-program /usr/bin/pinentry',
      'gpg-agent --homedir /root/.gnupg --pinentry-program /usr/bin/pinentry',
    ],
  ];
  for (const [line, expected] of cases)
    it(`shows ${expected}`, () => assert.equal(redactArguments(line.split(' ')).join(' '), expected));

  // The secret is S3cr3t, in any surrounding text.
  const hidden: readonly (readonly string[])[] = [
    ['curl', '-H', 'Authorization: Bearer S3cr3t'],
    ['curl', '-HAuthorization: Basic S3cr3t'],
    ['curl', '-H', 'Authorization: AWS4-HMAC-SHA256 Credential=a, Signature=S3cr3t'],
    ['curl', '--header', 'X-Api-Key: S3cr3t'],
    ['curl', '-H', 'Cookie: a=b; sid=S3cr3t'],
    ['curl', '-uuser:S3cr3t', 'https://h'],
    ['curl', '-sSu', 'user:S3cr3t', 'https://h'],
    ['curl', '--proxy-user', 'user:S3cr3t'],
    ['curl', '-d', '{"user": "x", "password": "S3cr3t"}'],
    ['curl', '-d', 'user=x&password=S3cr3t'],
    ['curl', 'https://h/a?x=1&access_token=S3cr3t'],
    ['curl', 'https://h/a?sig=S3cr3t&x=1'],
    ['git', 'clone', 'https://S3cr3t@h/x.git'],
    ['x', 'amqp://user:a/S3cr3t@h:5672/v'],
    ['x', 'postgresql://h/db?password=S3cr3t'],
    ['psql', 'host=h user=u password = S3cr3t'],
    ['x', '--connection-string', 'Server=h;User=u;Password=S3cr3t;x=1'],
    ['x', '--password=a b S3cr3t'],
    ['x', "--password=a'b,;&S3cr3t"],
    ['/usr/bin/mariadb-dump', '-pS3cr3t'],
    ['xtrabackup', '-pS3cr3t'],
    ['C:\\\\x\\\\mysql.exe', '-pS3cr3t'],
    ['sudo', '-u', 'x', 'mysql', '-pS3cr3t'],
    ['timeout', '5', 'sshpass', '-p', 'S3cr3t', 'ssh', 'h'],
    ['docker', 'login', '-u', 'x', '-p', 'S3cr3t'],
    ['docker', 'run', '-eDB_PASS=S3cr3t', 'x'],
    ['redis-server', '--requirepass', 'S3cr3t'],
    ['plink', '-pw', 'S3cr3t', 'h'],
    ['xfreerdp', '/u:x', '/p:S3cr3t'],
    ['app.exe', '/password:S3cr3t'],
    ['aws', 'configure', 'set', 'aws_secret_access_key', 'S3cr3t'],
    ['npm', 'config', 'set', '//r/:_authToken', 'S3cr3t'],
    ['nmcli', 'con', 'modify', 'x', 'wifi-sec.psk', 'S3cr3t'],
    ['sqlplus', 'user/S3cr3t@h'],
    ['openssl', 'enc', '-pass', 'pass:S3cr3t'],
    ['sh', '-c', 'PGPASSWORD=S3cr3t psql -h h'],
    ['sh', '-c', "PGPASSWORD='a S3cr3t' psql -h h"],
    ['sh', '-c', 'PGPASSWORD=a\\\\ S3cr3t psql -h h'],
    ['bash', '-lc', 'app --password "a S3cr3t" --x'],
    ['sh', '-c', 'mysql -uroot -pS3cr3t db < x'],
    ['ssh', 'h', 'sshpass -p S3cr3t ssh h2'],
    ['sh', '-c', "ssh h 'curl -u user:S3cr3t https://h'"],
    ['python3', '-c', 'connect(host="h", password="S3cr3t")'],
    ['app --token S3cr3t as a title'],
    ["don't app --token S3cr3t"],
  ];
  for (const list of hidden)
    it(`hides the secret of ${list.join(' ')}`, () => {
      const shown = redactArguments(list).join(' ');
      assert.ok(shown.includes('<redacted>') && !shown.includes('S3cr3t'), shown);
    });

  it('shows the rest of a command that a shell was given', () => {
    const list = ['sh', '-c', 'PGPASSWORD=x psql  -h "my host" | curl -u a:b https://h/x'];
    assert.equal(redactArguments(list)[2], 'PGPASSWORD=<redacted> psql  -h "my host" | curl -u <redacted> https://h/x');
  });

  it('never shows the value of a password, whatever it is', () => {
    const names = fc.constantFrom('password', 'token', 'api-key', 'secret', 'client_secret', 'AUTH_TOKEN');
    const values = fc
      .string({ minLength: 8, maxLength: 40 })
      .filter((text) => /^[^\s"'&;,<>-][^\s"'&;,<>]*$/.test(text));
    fc.assert(
      fc.property(names, values, (name, value) => {
        assert.deepEqual(redactArguments(['x', `--${name}`, value]), ['x', `--${name}`, '<redacted>']);
        assert.deepEqual(redactArguments(['x', `--${name}=${value}`]), ['x', `--${name}=<redacted>`]);
      }),
    );
  });

  it('ends in time for hostile arguments', () => {
    const watch = new Stopwatch();
    for (const text of [
      'a='.repeat(30_000),
      'a:'.repeat(30_000),
      'A'.repeat(60_000),
      'eyJ'.repeat(20_000),
      ' '.repeat(60_000),
      'a://'.repeat(15_000),
      'a://b:'.repeat(10_000),
      '\\'.repeat(60_000),
      '"\\\\a'.repeat(15_000),
      `"'`.repeat(30_000),
      "a '".repeat(20_000),
      'mysql -p '.repeat(7000),
    ])
      redactArguments([text]);
    assert.ok(watch.processorMs < 2000, `${watch.processorMs} ms`);
  });
});
