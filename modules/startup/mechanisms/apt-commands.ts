/** Options of apt whose value is a command, or a program. @see apt.conf(5) */
const commands =
  /^(?:dpkg::(?:pre-invoke|post-invoke|pre-install-pkgs)|apt::update::(?:pre-invoke|post-invoke|post-invoke-success)|apt::install::(?:pre|post)-invoke(?:-success)?|unattended-upgrade::.*-invoke|acquire::(?:\w+::)?proxy-auto-?detect|dir::bin::[\w:-]+|acquire::gpgv::[\w:-]*)$/i;

export function isAptCommand(name: string): boolean {
  return commands.test(name);
}
