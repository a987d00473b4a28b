import { z } from "@hono/zod-openapi";
import { lazily } from "../lazily.ts";
import { type Page, type PageQuery, pageSlice } from "../http/pagination.ts";
import { call, type Db } from "./db.ts";

/** What the row keeps to say it; see private.notification_data. */
const Data = lazily(() =>
  z.object({
    title: z.string().nullish(),
    starts_at: z.string().nullish(),
    timezone: z.string().nullish(),
    event_id: z.string().nullish(),
    role: z.enum(["attendee", "provider"]).nullish().catch(null),
    provider_id: z.string().nullish(),
    rating: z.number().nullish(),
  })
);

const Notification = lazily(() =>
  z.object({
    id: z.string(),
    kind: z.string(),
    subject_id: z.string(),
    data: Data(),
    read_at: z.string().nullable(),
    created_at: z.string(),
  })
);

/** What a person should know: a kind of domain event and what is needed to say it. */
export type Notification = z.output<ReturnType<typeof Notification>>;

/** A page of somebody's notifications, and in which language and zone they want to read them. */
export interface NotificationPage extends Page<Notification> {
  /** Of all, counted up to 10,000. */
  unread: number;
  locale: string;
  timezone: string | null;
}

/** Notifications of the signed-in person, latest first; `kind` is a whole kind or its first part. */
export async function listMyNotifications(
  db: Db,
  { unreadOnly, kind }: { unreadOnly: boolean; kind?: string | undefined },
  query: PageQuery,
): Promise<NotificationPage> {
  const page = await call(db, "list_my_notifications", {
    ...pageSlice(query),
    unread_only: unreadOnly,
    ...(kind ? { kind } : {}),
  });
  return {
    items: z.array(Notification()).parse(page.items),
    total: page.total ?? 0,
    totalIsExact: page.total_is_exact ?? true,
    unread: page.unread ?? 0,
    locale: page.locale ?? "en",
    timezone: page.timezone,
  };
}

/** Marks one of the signed-in person's notifications as read. @throws {AppError} NOTIFICATION_NOT_FOUND */
export async function markNotificationRead(db: Db, notificationId: string): Promise<void> {
  await call(db, "mark_notification_read", { notification_id: notificationId });
}

/** Marks all of them as read; answers how many were not. */
export function markNotificationsRead(db: Db): Promise<number> {
  return call(db, "mark_notifications_read", {});
}

/** Deletes one of them. @throws {AppError} NOTIFICATION_NOT_FOUND */
export async function deleteNotification(db: Db, notificationId: string): Promise<void> {
  await call(db, "delete_notification", { notification_id: notificationId });
}
