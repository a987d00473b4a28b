/** A meeting as a vendor is to make it. */
export interface PlannedMeeting {
  /** A name that cannot be guessed, equal for every try. */
  room: string;
  title: string;
  startsAt: Date;
  endsAt: Date;
  /** People are let in from here ... */
  opensAt: Date;
  /** ... until here. */
  closesAt: Date;
  /** Whether creating was tried before, and may have succeeded unheard. */
  isRetry: boolean;
}

/** A meeting as the vendor knows it. */
export interface VendorMeeting {
  externalId: string;
  /** Lets anybody in who has it. */
  joinUrl: string;
}

/** Who joins a meeting. */
export interface Joiner {
  profileId: string;
  name: string;
  isHost: boolean;
  closesAt: Date;
}

/** Where meetings take place. Every call may be repeated: a second one finds what the first did. */
export interface MeetingVendor {
  /** @throws {VendorError} when the vendor did not make it */
  create(meeting: PlannedMeeting): Promise<VendorMeeting>;
  /** Brings an existing meeting to another time. @throws {VendorError} */
  move(externalId: string, meeting: PlannedMeeting): Promise<void>;
  /** Ends a meeting for everybody who is in it. @throws {VendorError} */
  close(externalId: string): Promise<void>;
  /** Takes back a meeting that does not take place. @throws {VendorError} */
  remove(externalId: string): Promise<void>;
  /** The link for one person. @throws {VendorError} */
  linkFor(meeting: VendorMeeting, joiner: Joiner): Promise<string>;
}
