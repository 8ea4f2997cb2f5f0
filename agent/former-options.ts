/** Options of the original's agent, and what stands in their place. */
export const formerOptions: Readonly<Record<string, string>> = {
  '-c': 'the configuration is compiled in: mig-agent config shows it',
  '-d': 'the agent stays in the foreground and logs to standard error: mig-agent alone starts it',
  '-f': 'the agent stays in the foreground: mig-agent alone starts it',
  '-i': 'an agent takes actions from the relay alone; mig run FILE asks one, -t local asks this machine',
  '-m': 'mig-agent run MODULE, with its parameters as JSON on standard input',
  '-n': 'there are no persistent modules',
  '-p': 'mig-agent run prints JSON with indents',
  '-P': 'there are no persistent modules',
  '-q': 'mig-agent status tells how the agent of this machine is',
  '-S': 'mig-agent config shows the configuration',
  '-u': 'a new version is installed over the old one: mig-agent install',
};
