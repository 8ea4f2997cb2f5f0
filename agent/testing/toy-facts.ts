import type { AgentFacts } from '../../protocol/agent-message/agent-message.ts';

export const toyFacts: AgentFacts = {
  name: 'web1.example.org',
  queueloc: 'linux.web1.example.org',
  mode: 'daemon',
  version: '0.1.0',
  environment: { os: 'linux' },
  tags: {},
};
