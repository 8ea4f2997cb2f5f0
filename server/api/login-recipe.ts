/** How to log in without `mig`, for programs and for who writes one: the OpenAPI document shows it, and a test runs it. */

export const loginRecipe = `# MIG_SERVER=https://mig.example.org:8443 and MIG_CA=ca.pem are those of mig; KEY is the fingerprint of a key in gpg.
api="$MIG_SERVER/api/v1"
post() { curl -sS --fail-with-body --cacert "$MIG_CA" -H 'content-type: application/json' -d "$2" "$api$1"; }
field() { sed -n "s/.*\\"$1\\":\\"\\([^\\"]*\\)\\".*/\\1/p"; }
# 1. A challenge for the key, good for a minute.
challenge=$(post /sessions/challenges "{\\"fingerprint\\":\\"$KEY\\"}" | field challenge)
# 2. The certificate that the relay shows. A connection that somebody else ends has another one.
address=\${MIG_SERVER#https://}
certificate=$(openssl s_client -connect "$address" < /dev/null 2> /dev/null | openssl x509 -outform der | sha256sum)
# 3. What is signed: a line of its own, then canonical JSON, its keys in order and without spaces.
login="{\\"certificate\\":\\"\${certificate%% *}\\",\\"challenge\\":\\"$challenge\\",\\"origin\\":\\"$MIG_SERVER\\"}"
signature=$(printf 'mig session v4\\n%s' "$login" |
  gpg --batch --no-textmode --digest-algo SHA256 --local-user "$KEY" --armor --detach-sign | sed 's/$/\\\\n/' | tr -d '\\n')
# 4. The token, good for twelve hours.
token=$(post /sessions "\${login%\\}},\\"fingerprint\\":\\"$KEY\\",\\"signature\\":\\"$signature\\"}" | field token)
curl -sS --fail-with-body --cacert "$MIG_CA" -H "authorization: Bearer $token" "$api/agents"
`;

export const loginDescription = `Logs in: a challenge, signed by the investigator's OpenPGP key together with the address that was
called and the certificate that was shown there, buys a token for \`Authorization: Bearer TOKEN\`. In a shell:

\`\`\`sh
${loginRecipe}\`\`\`
`;
