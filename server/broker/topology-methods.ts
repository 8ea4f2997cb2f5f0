/** The methods that make, bind and delete exchanges and queues: they concern the virtual host, not the channel's state. */
import type { BrokerAccess } from './access.ts';
import { AmqpError } from './amqp-error.ts';
import type { ClientMethod, ServerMethodName } from './codec.ts';
import type { Vhost } from './vhost.ts';

export interface Reply {
  readonly name: ServerMethodName;
  readonly fields: object;
  readonly nowait: boolean;
}

type FieldsOf<Kind extends ClientMethod['kind']> = Extract<ClientMethod, { kind: Kind }>['fields'];

/**
 * Carries out a topology method; null when it is of another kind.
 * @throws AmqpError
 */
export function answerTopology(access: BrokerAccess, vhost: Vhost, method: ClientMethod): Reply | null {
  switch (method.kind) {
    case 'ExchangeDeclare':
      return declareExchange(access, vhost, method.fields);
    case 'QueueDeclare':
      return declareQueue(access, vhost, method.fields);
    case 'QueueBind': {
      const { queue, exchange, routingKey, nowait } = method.fields;
      assertBinding(access, queue, exchange, routingKey);
      vhost.exchange(exchange).bind(vhost.queue(queue), routingKey);
      return { name: 'QueueBindOk', fields: {}, nowait };
    }
    case 'QueueUnbind': {
      const { queue, exchange, routingKey } = method.fields;
      access.assertMayRemove(queue);
      assertBinding(access, queue, exchange, routingKey);
      vhost.exchange(exchange).unbind(vhost.queue(queue), routingKey);
      return { name: 'QueueUnbindOk', fields: {}, nowait: false };
    }
    case 'QueuePurge': {
      access.assertMayRemove(method.fields.queue);
      access.assert('read', 'queue', method.fields.queue);
      const messageCount = vhost.queue(method.fields.queue).purge();
      return { name: 'QueuePurgeOk', fields: { messageCount }, nowait: method.fields.nowait };
    }
    case 'QueueDelete':
      return deleteQueue(access, vhost, method.fields);
    default:
      return null;
  }
}

function assertBinding(access: BrokerAccess, queue: string, exchange: string, routingKey: string): void {
  access.assert('write', 'queue', queue);
  access.assertMayUse(queue);
  access.assert('read', 'exchange', exchange);
  access.assertTopic('read', exchange, routingKey);
}

function declareExchange(access: BrokerAccess, vhost: Vhost, fields: FieldsOf<'ExchangeDeclare'>): Reply {
  const { exchange, passive, nowait } = fields;
  if (!passive) {
    if (exchange === '' || exchange.startsWith('amq.'))
      throw new AmqpError('access-refused', `exchange name '${exchange}' is reserved`);
    access.assertMayMakeExchange(exchange);
  }
  vhost.declareExchange(fields);
  return { name: 'ExchangeDeclareOk', fields: {}, nowait };
}

function declareQueue(access: BrokerAccess, vhost: Vhost, fields: FieldsOf<'QueueDeclare'>): Reply {
  if (!fields.passive) {
    if (fields.queue.startsWith('amq.'))
      throw new AmqpError('access-refused', `queue name '${fields.queue}' is reserved`);
    access.assertMayMake(fields.queue, fields.durable, fields.arguments);
  } else access.assertMayUse(fields.queue);
  const { name, messageCount, consumerCount } = vhost.declareQueue(fields);
  return { name: 'QueueDeclareOk', fields: { queue: name, messageCount, consumerCount }, nowait: fields.nowait };
}

function deleteQueue(access: BrokerAccess, vhost: Vhost, fields: FieldsOf<'QueueDelete'>): Reply {
  access.assertMayRemove(fields.queue);
  access.assert('configure', 'queue', fields.queue);
  const queue = vhost.queue(fields.queue);
  const { messageCount, consumerCount } = queue;
  if ((fields.ifEmpty && messageCount > 0) || (fields.ifUnused && consumerCount > 0))
    throw new AmqpError('precondition-failed', `queue '${queue.name}' is not empty or in use`);
  vhost.deleteQueue(queue);
  return { name: 'QueueDeleteOk', fields: { messageCount }, nowait: fields.nowait };
}
