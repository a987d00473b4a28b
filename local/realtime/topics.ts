import { type Broadcast, encodeBroadcast, type Encoded, encodeFrame, type Vsn } from "./frames.ts";
import { type PresenceDiff, PresenceList } from "./presence.ts";

/** A channel as its topic sees it. */
export interface Member {
  readonly vsn: Vsn;
  readonly hearsBroadcasts: boolean;
  readonly hearsPresence: boolean;
  deliver(encoded: Encoded): void;
}

/** One conversation: its members and who of them is present. */
export class Topic {
  readonly members = new Set<Member>();
  readonly presence = new PresenceList();
  readonly channelName: string;

  constructor(readonly name: string, readonly isPrivate: boolean) {
    this.channelName = `realtime:${name}`;
  }

  broadcast(broadcast: Broadcast, sender?: Member): void {
    this.#deliver(
      (member) => member !== sender && member.hearsBroadcasts,
      (vsn) => encodeBroadcast(this.channelName, broadcast, vsn),
    );
  }

  announce(diff: PresenceDiff | null): void {
    if (!diff) return;
    const frame = {
      joinRef: null,
      ref: null,
      topic: this.channelName,
      event: "presence_diff",
      payload: { ...diff },
    };
    this.#deliver((member) => member.hearsPresence, (vsn) => encodeFrame(frame, vsn));
  }

  /** Writes each version of the protocol once, however many members there are. */
  #deliver(isMeant: (member: Member) => boolean, encode: (vsn: Vsn) => Encoded | null): void {
    const written = new Map<Vsn, Encoded | null>();
    for (const member of this.members) {
      if (!isMeant(member)) continue;
      if (!written.has(member.vsn)) written.set(member.vsn, encode(member.vsn));
      const encoded = written.get(member.vsn);
      if (encoded) member.deliver(encoded);
    }
  }
}

/** All topics with members. A private topic and a public one of the same name are two. */
export class Topics {
  readonly #private = new Map<string, Topic>();
  readonly #public = new Map<string, Topic>();

  /** The topic, if anybody is there. */
  find(name: string, isPrivate: boolean): Topic | undefined {
    return this.#kind(isPrivate).get(name);
  }

  enter(name: string, options: { isPrivate: boolean; member: Member }): Topic {
    const topic = this.find(name, options.isPrivate) ?? new Topic(name, options.isPrivate);
    this.#kind(options.isPrivate).set(name, topic);
    topic.members.add(options.member);
    return topic;
  }

  leave(topic: Topic, member: Member): void {
    topic.members.delete(member);
    if (topic.members.size === 0) this.#kind(topic.isPrivate).delete(topic.name);
    topic.announce(topic.presence.untrack(member));
  }

  #kind(isPrivate: boolean): Map<string, Topic> {
    return isPrivate ? this.#private : this.#public;
  }
}
