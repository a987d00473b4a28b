import { createRoute, z } from "@hono/zod-openapi";
import { lazily } from "../../_shared/lazily.ts";
import {
  deleteNotification,
  listMyNotifications,
  markNotificationRead,
  markNotificationsRead,
} from "../../_shared/domain/notifications.ts";
import type { Contract } from "../../_shared/http/contract.ts";
import { errorResponses, jsonResponse, lazySchema, pathIds } from "../../_shared/http/openapi.ts";
import { exactHeader } from "../../_shared/http/pagination.ts";
import { userRoutes } from "../../_shared/http/routes.ts";
import { errors } from "../errors.ts";
import { flag, text } from "../request_fields.ts";
import { Id, Instant, pageAnswer, PageQuery, presentPagination } from "../schemas.ts";

const tags = ["Notifications"];
const NotificationPath = pathIds({ notificationId: "NOTIFICATION_NOT_FOUND" });
const Said = lazily(() => z.object({ success: z.literal(true), message: z.string() }));

const Notification = lazily(() =>
  z.object({
    _id: Id,
    type: z.string().openapi({ description: "The domain event", example: "booking.created" }),
    title: z.string().openapi({ description: "In the person's language" }),
    message: z.string(),
    action: z.enum(["view_booking", "view_reviews"]).nullable(),
    actionUrl: z.string().nullable().openapi({
      description: "Relative to this contract's base; null where it has no such endpoint",
      example: "/bookings/0c6d9b0a-8f5e-4f0e-9d0c-2b6f1f6a3c11",
    }),
    isRead: z.boolean(),
    createdAt: Instant,
  }).openapi("Notification")
);

const listRoute = createRoute({
  method: "get",
  path: "/notifications",
  operationId: "listMyNotifications",
  tags,
  summary: "Read one's notifications, latest first",
  request: {
    query: lazySchema(() =>
      PageQuery.extend({
        unread: flag("Only unread ones"),
        type: text(100).optional().openapi({
          description:
            "A whole type, or its first part: booking is all of booking.created, booking.cancelled, ...",
        }),
      })
    ),
  },
  responses: {
    200: jsonResponse(
      () =>
        pageAnswer(z.object({
          notifications: z.array(Notification()),
          unreadCount: z.int().openapi({ description: "Of all, whatever the filter; counted up to 10000" }),
          total: z.int(),
          page: z.int().openapi({ description: "Addition: as the other lists have it" }),
        })),
      "The notifications",
    ),
    ...errorResponses(errors, "INVALID_INPUT", "SIGN_IN_REQUIRED"),
  },
});

const readAllRoute = createRoute({
  method: "put",
  path: "/notifications/read-all",
  operationId: "markNotificationsRead",
  tags,
  summary: "Mark all notifications as read",
  responses: {
    200: jsonResponse(Said, "All are read"),
    ...errorResponses(errors, "SIGN_IN_REQUIRED"),
  },
});

const readRoute = createRoute({
  method: "put",
  path: "/notifications/{notificationId}/read",
  operationId: "markNotificationRead",
  tags,
  summary: "Mark a notification as read",
  request: { params: NotificationPath },
  responses: {
    200: jsonResponse(Said, "It is read"),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "NOTIFICATION_NOT_FOUND"),
  },
});

const deleteRoute = createRoute({
  method: "delete",
  path: "/notifications/{notificationId}",
  operationId: "deleteNotification",
  tags,
  summary: "Delete a notification",
  request: { params: NotificationPath },
  responses: {
    200: jsonResponse(Said, "It is deleted"),
    ...errorResponses(errors, "SIGN_IN_REQUIRED", "NOTIFICATION_NOT_FOUND"),
  },
});

export function notificationRoutes(contract: Contract): void {
  const routes = userRoutes(contract);

  routes.add(listRoute, async (c) => {
    const { unread, type, ...query } = c.req.valid("query");
    const page = await listMyNotifications(c.get("db"), { unreadOnly: unread, kind: type }, query);
    // With the words of every language, which nothing else here needs.
    const { presentNotification } = await import("../present/notifications.ts");
    return c.json(
      {
        success: true as const,
        data: {
          notifications: page.items.map((notification) => presentNotification(notification, page)),
          unreadCount: page.unread,
          total: page.total,
          page: query.page,
        },
        pagination: presentPagination(query, page),
      },
      200,
      exactHeader(page),
    );
  });

  routes.add(readAllRoute, async (c) => {
    await markNotificationsRead(c.get("db"));
    return c.json({ success: true as const, message: "All notifications marked as read" }, 200);
  });

  routes.add(readRoute, async (c) => {
    await markNotificationRead(c.get("db"), c.req.valid("param").notificationId);
    return c.json({ success: true as const, message: "Marked as read" }, 200);
  });

  routes.add(deleteRoute, async (c) => {
    await deleteNotification(c.get("db"), c.req.valid("param").notificationId);
    return c.json({ success: true as const, message: "Notification deleted" }, 200);
  });
}
