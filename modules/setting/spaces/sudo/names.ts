/** Names behind `Defaults` in sudoers(5), and the form of their values. */
import type { ValueType } from '../../key-space.ts';

/** `choice`: a word, or the name alone. `place`: a path, `~` or `*`. */
type DefaultsForm = 'flag' | 'number' | 'mask' | 'path' | 'place' | 'text' | 'choice' | 'list';

/** `a!` can be switched off. */
const byForm: Readonly<Record<DefaultsForm, string>> = {
  flag: `always_query_group_plugin always_set_home authenticate case_insensitive_group case_insensitive_user
    closefrom_override compress_io env_editor env_reset exec_background fast_glob fqdn ignore_audit_errors ignore_dot
    ignore_iolog_errors ignore_local_sudoers ignore_logfile_errors ignore_unknown_defaults insults intercept
    intercept_allow_setid intercept_authenticate intercept_verify iolog_flush log_allowed log_denied log_exit_status
    log_host log_input log_output log_passwords log_server_keepalive log_server_verify log_stderr log_stdin log_stdout
    log_subcmds log_ttyin log_ttyout log_year long_otp_prompt mail_all_cmnds mail_always mail_badpass mail_no_host
    mail_no_perms mail_no_user match_group_by_gid netgroup_tuple noexec noninteractive_auth pam_acct_mgmt pam_rhost
    pam_ruser pam_session pam_setcred passprompt_override path_info preserve_groups pwfeedback requiretty root_sudo
    rootpw runas_allow_unknown_id runas_check_shell runaspw selinux set_home set_logname set_utmp setenv shell_noargs
    stay_setuid sudoedit_checkdir sudoedit_follow syslog_pid targetpw tty_tickets umask_override use_loginclass
    use_netgroups use_pty user_command_timeouts utmp_runas visiblepw`,
  number: `closefrom command_timeout! log_server_timeout! loglinelen! maxseq passwd_timeout! passwd_tries syslog_maxlen
    timestamp_timeout!`,
  mask: 'iolog_mode umask!',
  path: `env_file! iolog_dir lecture_file! lecture_status_dir log_server_cabundle! log_server_peer_cert!
    log_server_peer_key! logfile! mailerpath! restricted_env_file! timestampdir`,
  place: 'admin_flag! runchroot! runcwd!',
  text: `apparmor_profile authfail_message badpass_message editor exempt_group! group_plugin! intercept_type! iolog_file
    iolog_group! iolog_user! limitprivs log_format! mailerflags! mailfrom! mailsub mailto!
    pam_askpass_service pam_login_service pam_service passprompt privs rlimit_as! rlimit_core! rlimit_cpu! rlimit_data!
    rlimit_fsize! rlimit_locks! rlimit_memlock! rlimit_nofile! rlimit_nproc! rlimit_rss! rlimit_stack! role
    runas_default secure_path! sudoers_locale syslog_badpri! syslog_goodpri! timestamp_type! timestampowner type`,
  choice: 'fdexec! lecture! listpw! syslog! verifypw!',
  list: 'env_check! env_delete! env_keep! log_servers! passprompt_regex!',
};

export interface DefaultsName {
  readonly form: DefaultsForm;
  readonly canBeOff: boolean;
}

const names: ReadonlyMap<string, DefaultsName> = new Map(
  (Object.entries(byForm) as [DefaultsForm, string][]).flatMap(([form, words]) =>
    words.split(/\s+/).map((word): [string, DefaultsName] => {
      const name = word.replace('!', '');
      return [name, { form, canBeOff: form === 'flag' || name !== word }];
    }),
  ),
);

/** Undefined for a name that sudo does not have. */
export function findDefaultsName(name: string): DefaultsName | undefined {
  return names.get(name);
}

export function defaultsNames(): Iterable<string> {
  return names.keys();
}

const types: Readonly<Partial<Record<DefaultsForm, ValueType>>> = {
  flag: 'boolean',
  number: 'number',
  mask: 'number',
  list: 'list',
};

export function typeOfDefaults({ form }: DefaultsName): ValueType {
  return types[form] ?? 'text';
}
