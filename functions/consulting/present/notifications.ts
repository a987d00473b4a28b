import type { Notification, NotificationPage } from "../../_shared/domain/notifications.ts";
import { toZonedUtcText } from "../../_shared/http/times.ts";
import { writeNotice } from "../../_shared/integrations/mail/notice.ts";

export function presentNotification(notification: Notification, reader: NotificationPage) {
  return {
    _id: notification.id,
    type: notification.kind,
    ...writeNotice(notification, reader),
    ...actionOf(notification),
    isRead: notification.read_at !== null,
    createdAt: toZonedUtcText(notification.created_at),
  };
}

interface Action {
  action: "view_booking" | "view_reviews" | null;
  actionUrl: string | null;
}

const nowhere: Action = { action: null, actionUrl: null };

/** What there is to do about a notification: an address relative to this contract's base, where it has one. */
function actionOf({ kind, subject_id: id, data }: Notification): Action {
  switch (kind.split(".")[0]) {
    case "booking":
    case "payment":
    case "refund":
    case "recording":
      if (data.event_id) return nowhere;
      return { action: "view_booking", actionUrl: `/bookings/${id}` };
    case "review":
      return { action: "view_reviews", actionUrl: `/reviews/specialist/${data.provider_id}` };
    default:
      return nowhere;
  }
}
