
export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  
  "public": {
          Tables: {
            "availability_exceptions": {
                  Row: {
                    "on_date": string,"schedule_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "on_date": string,"schedule_id": string
                  }
                  Update: {
                    "on_date"?: string,"schedule_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "availability_exceptions_schedule_id_fkey"
      columns: ["schedule_id"]
isOneToOne: false
      referencedRelation: "availability"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "availability_exceptions_schedule_id_fkey"
      columns: ["schedule_id"]
isOneToOne: false
      referencedRelation: "availability_schedules"
      referencedColumns: ["id"]
    }
                  ]
                },"availability_schedules": {
                  Row: {
                    "buffer_after_minutes": number,"buffer_before_minutes": number,"cancellation_deadline_minutes": number | null,"created_at": string,"daily_limit": number | null,"id": string,"is_active": boolean,"kind": string,"max_advance_days": number,"min_notice_minutes": number,"provider_id": string,"slot_step_minutes": number | null,"timezone": string,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "buffer_after_minutes"?: number,"buffer_before_minutes"?: number,"cancellation_deadline_minutes"?: number | null,"created_at"?: string,"daily_limit"?: number | null,"id"?: string,"is_active"?: boolean,"kind": string,"max_advance_days"?: number,"min_notice_minutes"?: number,"provider_id": string,"slot_step_minutes"?: number | null,"timezone": string,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "buffer_after_minutes"?: number,"buffer_before_minutes"?: number,"cancellation_deadline_minutes"?: number | null,"created_at"?: string,"daily_limit"?: number | null,"id"?: string,"is_active"?: boolean,"kind"?: string,"max_advance_days"?: number,"min_notice_minutes"?: number,"provider_id"?: string,"slot_step_minutes"?: number | null,"timezone"?: string,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "availability_schedules_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "availability_schedules_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                },"availability_windows": {
                  Row: {
                    "closes": string,"id": number,"is_enabled": boolean,"month_day": number | null,"on_date": string | null,"opens": string,"schedule_id": string,"slot_minutes": number,"weekday": number | null
                  }
                  ComputedFields: never
                  Insert: {
                    "closes": string,"id"?: never,"is_enabled"?: boolean,"month_day"?: number | null,"on_date"?: string | null,"opens": string,"schedule_id": string,"slot_minutes"?: number,"weekday"?: number | null
                  }
                  Update: {
                    "closes"?: string,"id"?: never,"is_enabled"?: boolean,"month_day"?: number | null,"on_date"?: string | null,"opens"?: string,"schedule_id"?: string,"slot_minutes"?: number,"weekday"?: number | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "availability_windows_schedule_id_fkey"
      columns: ["schedule_id"]
isOneToOne: false
      referencedRelation: "availability"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "availability_windows_schedule_id_fkey"
      columns: ["schedule_id"]
isOneToOne: false
      referencedRelation: "availability_schedules"
      referencedColumns: ["id"]
    }
                  ]
                },"bookings": {
                  Row: {
                    "attendee_id": string,"buffer_after_minutes": number,"buffer_before_minutes": number,"cancellation_reason": string | null,"cancelled_at": string | null,"cancelled_by": string | null,"created_at": string,"currency": string,"during": unknown,"event_id": string | null,"expires_at": string | null,"free_cancellation_until": string,"id": string,"is_live": boolean,"late_refund_percent": number,"notes": string | null,"offering_id": string | null,"payment_status": string,"price_minor": number,"provider_id": string,"reschedule_reason": string | null,"slot_id": string | null,"status": string,"timezone": string | null,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "attendee_id": string,"buffer_after_minutes"?: number,"buffer_before_minutes"?: number,"cancellation_reason"?: string | null,"cancelled_at"?: string | null,"cancelled_by"?: string | null,"created_at"?: string,"currency": string,"during"?: unknown,"event_id"?: string | null,"expires_at"?: string | null,"free_cancellation_until": string,"id"?: string,"is_live"?: never,"late_refund_percent": number,"notes"?: string | null,"offering_id"?: string | null,"payment_status"?: string,"price_minor": number,"provider_id": string,"reschedule_reason"?: string | null,"slot_id"?: string | null,"status": string,"timezone"?: string | null,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "attendee_id"?: string,"buffer_after_minutes"?: number,"buffer_before_minutes"?: number,"cancellation_reason"?: string | null,"cancelled_at"?: string | null,"cancelled_by"?: string | null,"created_at"?: string,"currency"?: string,"during"?: unknown,"event_id"?: string | null,"expires_at"?: string | null,"free_cancellation_until"?: string,"id"?: string,"is_live"?: never,"late_refund_percent"?: number,"notes"?: string | null,"offering_id"?: string | null,"payment_status"?: string,"price_minor"?: number,"provider_id"?: string,"reschedule_reason"?: string | null,"slot_id"?: string | null,"status"?: string,"timezone"?: string | null,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "bookings_attendee_id_fkey"
      columns: ["attendee_id"]
isOneToOne: false
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_attendee_id_fkey"
      columns: ["attendee_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_event_id_fkey"
      columns: ["event_id"]
isOneToOne: false
      referencedRelation: "event_listings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_event_id_fkey"
      columns: ["event_id"]
isOneToOne: false
      referencedRelation: "events"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_offering_id_fkey"
      columns: ["offering_id"]
isOneToOne: false
      referencedRelation: "offering_listings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_offering_id_fkey"
      columns: ["offering_id"]
isOneToOne: false
      referencedRelation: "offerings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_slot_id_fkey"
      columns: ["slot_id"]
isOneToOne: false
      referencedRelation: "slots"
      referencedColumns: ["id"]
    }
                  ]
                },"calendar_feeds": {
                  Row: {
                    "created_at": string,"profile_id": string,"token_hash": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"profile_id": string,"token_hash": string,"updated_at"?: string
                  }
                  Update: {
                    "created_at"?: string,"profile_id"?: string,"token_hash"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "calendar_feeds_profile_id_fkey"
      columns: ["profile_id"]
isOneToOne: true
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "calendar_feeds_profile_id_fkey"
      columns: ["profile_id"]
isOneToOne: true
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"categories": {
                  Row: {
                    "created_at": string,"description": string,"icon": string,"id": string,"name": string,"position": number,"slug": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"description": string,"icon": string,"id": string,"name": string,"position": number,"slug": string,"updated_at"?: string
                  }
                  Update: {
                    "created_at"?: string,"description"?: string,"icon"?: string,"id"?: string,"name"?: string,"position"?: number,"slug"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    
                  ]
                },"contacts": {
                  Row: {
                    "created_at": string,"email": string | null,"phone": string | null,"profile_id": string,"unverified_phone": string | null,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"email"?: string | null,"phone"?: string | null,"profile_id": string,"unverified_phone"?: string | null,"updated_at"?: string
                  }
                  Update: {
                    "created_at"?: string,"email"?: string | null,"phone"?: string | null,"profile_id"?: string,"unverified_phone"?: string | null,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "contacts_profile_id_fkey"
      columns: ["profile_id"]
isOneToOne: true
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "contacts_profile_id_fkey"
      columns: ["profile_id"]
isOneToOne: true
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"crm_records": {
                  Row: {
                    "booked_at": string | null,"booking_id": string,"booking_status": string,"created_at": string,"crm_status": string,"event_id": string,"event_kind": string,"event_location": string,"event_title": string,"id": string,"notes": string,"provider_id": string,"received_at": string,"source": string,"starts_at": string | null,"updated_at": string,"user_email": string,"user_id": string,"user_name": string,"user_phone": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "booked_at"?: string | null,"booking_id": string,"booking_status"?: string,"created_at"?: string,"crm_status"?: string,"event_id": string,"event_kind": string,"event_location"?: string,"event_title"?: string,"id"?: string,"notes"?: string,"provider_id": string,"received_at"?: string,"source": string,"starts_at"?: string | null,"updated_at"?: string,"user_email"?: string,"user_id": string,"user_name"?: string,"user_phone"?: string,"version"?: number
                  }
                  Update: {
                    "booked_at"?: string | null,"booking_id"?: string,"booking_status"?: string,"created_at"?: string,"crm_status"?: string,"event_id"?: string,"event_kind"?: string,"event_location"?: string,"event_title"?: string,"id"?: string,"notes"?: string,"provider_id"?: string,"received_at"?: string,"source"?: string,"starts_at"?: string | null,"updated_at"?: string,"user_email"?: string,"user_id"?: string,"user_name"?: string,"user_phone"?: string,"version"?: number
                  }
                  Relationships: [
                    
                  ]
                },"crm_status_changes": {
                  Row: {
                    "changed_at": string,"changed_by": string | null,"id": number,"new_status": string,"notes": string | null,"old_status": string,"record_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "changed_at"?: string,"changed_by"?: string | null,"id"?: never,"new_status": string,"notes"?: string | null,"old_status": string,"record_id": string
                  }
                  Update: {
                    "changed_at"?: string,"changed_by"?: string | null,"id"?: never,"new_status"?: string,"notes"?: string | null,"old_status"?: string,"record_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "crm_status_changes_record_id_fkey"
      columns: ["record_id"]
isOneToOne: false
      referencedRelation: "crm_records"
      referencedColumns: ["id"]
    }
                  ]
                },"event_links": {
                  Row: {
                    "created_at": string,"event_id": string,"provider_id": string,"updated_at": string,"virtual_link": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"event_id": string,"provider_id": string,"updated_at"?: string,"virtual_link": string
                  }
                  Update: {
                    "created_at"?: string,"event_id"?: string,"provider_id"?: string,"updated_at"?: string,"virtual_link"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "event_links_event_id_fkey"
      columns: ["event_id"]
isOneToOne: true
      referencedRelation: "event_listings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "event_links_event_id_fkey"
      columns: ["event_id"]
isOneToOne: true
      referencedRelation: "events"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "event_links_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "event_links_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                },"events": {
                  Row: {
                    "cancelled_at": string | null,"capacity": number,"created_at": string,"currency": string,"description": string,"ends_at": string,"finished_at": string | null,"id": string,"kind": string,"location": string,"payment_mode": string,"price_minor": number,"provider_id": string,"requirements": string,"search": unknown,"seats_taken": number,"starts_at": string,"status": string,"timezone": string,"title": string,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "cancelled_at"?: string | null,"capacity"?: number,"created_at"?: string,"currency": string,"description"?: string,"ends_at": string,"finished_at"?: string | null,"id"?: string,"kind": string,"location"?: string,"payment_mode"?: string,"price_minor"?: number,"provider_id": string,"requirements"?: string,"search"?: never,"seats_taken"?: number,"starts_at": string,"status"?: string,"timezone"?: string,"title": string,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "cancelled_at"?: string | null,"capacity"?: number,"created_at"?: string,"currency"?: string,"description"?: string,"ends_at"?: string,"finished_at"?: string | null,"id"?: string,"kind"?: string,"location"?: string,"payment_mode"?: string,"price_minor"?: number,"provider_id"?: string,"requirements"?: string,"search"?: never,"seats_taken"?: number,"starts_at"?: string,"status"?: string,"timezone"?: string,"title"?: string,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "events_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "events_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                },"meeting_notes": {
                  Row: {
                    "author_id": string,"booking_id": string,"created_at": string,"id": string,"is_public": boolean,"text": string
                  }
                  ComputedFields: never
                  Insert: {
                    "author_id": string,"booking_id": string,"created_at"?: string,"id"?: string,"is_public"?: boolean,"text": string
                  }
                  Update: {
                    "author_id"?: string,"booking_id"?: string,"created_at"?: string,"id"?: string,"is_public"?: boolean,"text"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "meeting_notes_author_id_fkey"
      columns: ["author_id"]
isOneToOne: false
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "meeting_notes_author_id_fkey"
      columns: ["author_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "meeting_notes_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "booking_details"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "meeting_notes_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "booking_meetings"
      referencedColumns: ["booking_id"]
    },{
      foreignKeyName: "meeting_notes_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "bookings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "meeting_notes_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "time_bookings"
      referencedColumns: ["id"]
    }
                  ]
                },"meeting_participants": {
                  Row: {
                    "booking_id": string,"id": string,"joined_at": string,"left_at": string | null,"profile_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "booking_id": string,"id"?: string,"joined_at"?: string,"left_at"?: string | null,"profile_id": string
                  }
                  Update: {
                    "booking_id"?: string,"id"?: string,"joined_at"?: string,"left_at"?: string | null,"profile_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "meeting_participants_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "meetings"
      referencedColumns: ["booking_id"]
    },{
      foreignKeyName: "meeting_participants_profile_id_fkey"
      columns: ["profile_id"]
isOneToOne: false
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "meeting_participants_profile_id_fkey"
      columns: ["profile_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"meetings": {
                  Row: {
                    "booking_id": string,"created_at": string,"ended_at": string | null,"kind": string,"ready_at": string | null,"started_at": string | null,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "booking_id": string,"created_at"?: string,"ended_at"?: string | null,"kind": string,"ready_at"?: string | null,"started_at"?: string | null,"updated_at"?: string
                  }
                  Update: {
                    "booking_id"?: string,"created_at"?: string,"ended_at"?: string | null,"kind"?: string,"ready_at"?: string | null,"started_at"?: string | null,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "meetings_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: true
      referencedRelation: "booking_details"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "meetings_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: true
      referencedRelation: "booking_meetings"
      referencedColumns: ["booking_id"]
    },{
      foreignKeyName: "meetings_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: true
      referencedRelation: "bookings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "meetings_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: true
      referencedRelation: "time_bookings"
      referencedColumns: ["id"]
    }
                  ]
                },"notifications": {
                  Row: {
                    "created_at": string,"data": NonNullable<Json>,"id": string,"kind": string,"outbox_id": number,"read_at": string | null,"recipient_id": string,"subject_id": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"data"?: NonNullable<Json>,"id"?: string,"kind": string,"outbox_id": number,"read_at"?: string | null,"recipient_id": string,"subject_id": string,"updated_at"?: string
                  }
                  Update: {
                    "created_at"?: string,"data"?: NonNullable<Json>,"id"?: string,"kind"?: string,"outbox_id"?: number,"read_at"?: string | null,"recipient_id"?: string,"subject_id"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "notifications_recipient_id_fkey"
      columns: ["recipient_id"]
isOneToOne: false
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "notifications_recipient_id_fkey"
      columns: ["recipient_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"offerings": {
                  Row: {
                    "basic_info": NonNullable<Json>,"category": string | null,"category_id": string | null,"created_at": string,"currency": string,"deleted_at": string | null,"description": string,"details": NonNullable<Json>,"duration_minutes": number | null,"id": string,"is_active": boolean,"price_minor": number | null,"price_schedule": NonNullable<Json>,"provider_id": string,"subcategory_id": string | null,"title": string,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "basic_info"?: NonNullable<Json>,"category"?: string | null,"category_id"?: string | null,"created_at"?: string,"currency": string,"deleted_at"?: string | null,"description"?: string,"details"?: NonNullable<Json>,"duration_minutes"?: number | null,"id"?: string,"is_active"?: boolean,"price_minor"?: number | null,"price_schedule"?: NonNullable<Json>,"provider_id": string,"subcategory_id"?: string | null,"title": string,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "basic_info"?: NonNullable<Json>,"category"?: string | null,"category_id"?: string | null,"created_at"?: string,"currency"?: string,"deleted_at"?: string | null,"description"?: string,"details"?: NonNullable<Json>,"duration_minutes"?: number | null,"id"?: string,"is_active"?: boolean,"price_minor"?: number | null,"price_schedule"?: NonNullable<Json>,"provider_id"?: string,"subcategory_id"?: string | null,"title"?: string,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "offerings_category_id_fkey"
      columns: ["category_id"]
isOneToOne: false
      referencedRelation: "categories"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "offerings_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "offerings_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "offerings_subcategory_id_fkey"
      columns: ["subcategory_id","category_id"]
isOneToOne: false
      referencedRelation: "subcategories"
      referencedColumns: ["id","category_id"]
    }
                  ]
                },"payments": {
                  Row: {
                    "amount_minor": number,"booking_id": string,"cancel_requested_at": string | null,"created_at": string,"currency": string,"failure_code": string | null,"fee_minor": number,"id": string,"paid_at": string | null,"payer_id": string,"payout_minor": number,"provider_id": string,"receipt_serial": number | null,"receipt_year": number | null,"refunded_minor": number,"status": string,"stripe_charge_id": string | null,"stripe_fee_minor": number,"stripe_payment_intent_id": string | null,"tax_minor": number,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "amount_minor": number,"booking_id": string,"cancel_requested_at"?: string | null,"created_at"?: string,"currency": string,"failure_code"?: string | null,"fee_minor": number,"id"?: string,"paid_at"?: string | null,"payer_id": string,"payout_minor": number,"provider_id": string,"receipt_serial"?: number | null,"receipt_year"?: number | null,"refunded_minor"?: number,"status"?: string,"stripe_charge_id"?: string | null,"stripe_fee_minor"?: number,"stripe_payment_intent_id"?: string | null,"tax_minor"?: number,"updated_at"?: string
                  }
                  Update: {
                    "amount_minor"?: number,"booking_id"?: string,"cancel_requested_at"?: string | null,"created_at"?: string,"currency"?: string,"failure_code"?: string | null,"fee_minor"?: number,"id"?: string,"paid_at"?: string | null,"payer_id"?: string,"payout_minor"?: number,"provider_id"?: string,"receipt_serial"?: number | null,"receipt_year"?: number | null,"refunded_minor"?: number,"status"?: string,"stripe_charge_id"?: string | null,"stripe_fee_minor"?: number,"stripe_payment_intent_id"?: string | null,"tax_minor"?: number,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "payments_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "booking_details"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "booking_meetings"
      referencedColumns: ["booking_id"]
    },{
      foreignKeyName: "payments_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "bookings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "time_bookings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_payer_id_fkey"
      columns: ["payer_id"]
isOneToOne: false
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_payer_id_fkey"
      columns: ["payer_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                },"profiles": {
                  Row: {
                    "created_at": string,"deleted_at": string | null,"email_verified_at": string | null,"family_name": string,"given_name": string,"id": string,"locale": string,"membership": string,"name": string,"registered_at": string | null,"timezone": string | null,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"deleted_at"?: string | null,"email_verified_at"?: string | null,"family_name"?: string,"given_name"?: string,"id": string,"locale"?: string,"membership"?: string,"name"?: string,"registered_at"?: string | null,"timezone"?: string | null,"updated_at"?: string
                  }
                  Update: {
                    "created_at"?: string,"deleted_at"?: string | null,"email_verified_at"?: string | null,"family_name"?: string,"given_name"?: string,"id"?: string,"locale"?: string,"membership"?: string,"name"?: string,"registered_at"?: string | null,"timezone"?: string | null,"updated_at"?: string
                  }
                  Relationships: [
                    
                  ]
                },"provider_accounts": {
                  Row: {
                    "charges_enabled": boolean,"created_at": string,"details_submitted": boolean,"payouts_enabled": boolean,"provider_id": string,"stripe_account_id": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "charges_enabled"?: boolean,"created_at"?: string,"details_submitted"?: boolean,"payouts_enabled"?: boolean,"provider_id": string,"stripe_account_id": string,"updated_at"?: string
                  }
                  Update: {
                    "charges_enabled"?: boolean,"created_at"?: string,"details_submitted"?: boolean,"payouts_enabled"?: boolean,"provider_id"?: string,"stripe_account_id"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "provider_accounts_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: true
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "provider_accounts_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: true
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                },"provider_notes": {
                  Row: {
                    "booking_id": string,"created_at": string,"notes": string,"provider_id": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "booking_id": string,"created_at"?: string,"notes": string,"provider_id": string,"updated_at"?: string
                  }
                  Update: {
                    "booking_id"?: string,"created_at"?: string,"notes"?: string,"provider_id"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "provider_notes_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: true
      referencedRelation: "booking_details"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "provider_notes_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: true
      referencedRelation: "booking_meetings"
      referencedColumns: ["booking_id"]
    },{
      foreignKeyName: "provider_notes_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: true
      referencedRelation: "bookings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "provider_notes_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: true
      referencedRelation: "time_bookings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "provider_notes_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "provider_notes_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                },"provider_profiles": {
                  Row: {
                    "basic_info": NonNullable<Json>,"bio_about": NonNullable<Json>,"certifications": NonNullable<Json>,"contact_email": string | null,"created_at": string,"experience": NonNullable<Json>,"professional_details": NonNullable<Json>,"provider_id": string,"updated_at": string,"visual_profile": NonNullable<Json>
                  }
                  ComputedFields: never
                  Insert: {
                    "basic_info"?: NonNullable<Json>,"bio_about"?: NonNullable<Json>,"certifications"?: NonNullable<Json>,"contact_email"?: string | null,"created_at"?: string,"experience"?: NonNullable<Json>,"professional_details"?: NonNullable<Json>,"provider_id": string,"updated_at"?: string,"visual_profile"?: NonNullable<Json>
                  }
                  Update: {
                    "basic_info"?: NonNullable<Json>,"bio_about"?: NonNullable<Json>,"certifications"?: NonNullable<Json>,"contact_email"?: string | null,"created_at"?: string,"experience"?: NonNullable<Json>,"professional_details"?: NonNullable<Json>,"provider_id"?: string,"updated_at"?: string,"visual_profile"?: NonNullable<Json>
                  }
                  Relationships: [
                    {
      foreignKeyName: "provider_profiles_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: true
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "provider_profiles_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: true
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                },"providers": {
                  Row: {
                    "bio": string | null,"cancellation_deadline_minutes": number,"certifications": (string)[],"created_at": string,"currency": string,"display_name": string,"headline": string | null,"hourly_rate": number,"hourly_rate_minor": number,"id": string,"image_url": string | null,"is_accepting": boolean,"languages": (string)[],"late_refund_percent": number,"next_open_at": string | null,"rating_average": number | null,"rating_count": number,"rating_counts": (number)[],"reminder_minutes": (number)[],"retired_at": string | null,"specialization": string | null,"specialties": (string)[],"specialty_terms": (string)[],"timezone": string | null,"updated_at": string,"years_of_experience": number | null
                  }
                  ComputedFields: never
                  Insert: {
                    "bio"?: string | null,"cancellation_deadline_minutes"?: number,"certifications"?: (string)[],"created_at"?: string,"currency"?: string,"display_name": string,"headline"?: string | null,"hourly_rate"?: never,"hourly_rate_minor"?: number,"id": string,"image_url"?: string | null,"is_accepting"?: boolean,"languages"?: (string)[],"late_refund_percent"?: number,"next_open_at"?: string | null,"rating_average"?: never,"rating_count"?: never,"rating_counts"?: (number)[],"reminder_minutes"?: (number)[],"retired_at"?: string | null,"specialization"?: string | null,"specialties"?: (string)[],"specialty_terms"?: never,"timezone"?: string | null,"updated_at"?: string,"years_of_experience"?: number | null
                  }
                  Update: {
                    "bio"?: string | null,"cancellation_deadline_minutes"?: number,"certifications"?: (string)[],"created_at"?: string,"currency"?: string,"display_name"?: string,"headline"?: string | null,"hourly_rate"?: never,"hourly_rate_minor"?: number,"id"?: string,"image_url"?: string | null,"is_accepting"?: boolean,"languages"?: (string)[],"late_refund_percent"?: number,"next_open_at"?: string | null,"rating_average"?: never,"rating_count"?: never,"rating_counts"?: (number)[],"reminder_minutes"?: (number)[],"retired_at"?: string | null,"specialization"?: string | null,"specialties"?: (string)[],"specialty_terms"?: never,"timezone"?: string | null,"updated_at"?: string,"years_of_experience"?: number | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "providers_id_fkey"
      columns: ["id"]
isOneToOne: true
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "providers_id_fkey"
      columns: ["id"]
isOneToOne: true
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"refunds": {
                  Row: {
                    "amount_minor": number,"cause": string,"created_at": string,"failure_code": string | null,"fee_minor": number,"id": string,"payment_id": string,"payout_minor": number,"reason": string | null,"requested_by": string | null,"settled_at": string | null,"status": string,"stripe_refund_id": string | null,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "amount_minor": number,"cause": string,"created_at"?: string,"failure_code"?: string | null,"fee_minor": number,"id"?: string,"payment_id": string,"payout_minor": number,"reason"?: string | null,"requested_by"?: string | null,"settled_at"?: string | null,"status"?: string,"stripe_refund_id"?: string | null,"updated_at"?: string
                  }
                  Update: {
                    "amount_minor"?: number,"cause"?: string,"created_at"?: string,"failure_code"?: string | null,"fee_minor"?: number,"id"?: string,"payment_id"?: string,"payout_minor"?: number,"reason"?: string | null,"requested_by"?: string | null,"settled_at"?: string | null,"status"?: string,"stripe_refund_id"?: string | null,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "refunds_payment_id_fkey"
      columns: ["payment_id"]
isOneToOne: false
      referencedRelation: "payment_details"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "refunds_payment_id_fkey"
      columns: ["payment_id"]
isOneToOne: false
      referencedRelation: "payments"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "refunds_requested_by_fkey"
      columns: ["requested_by"]
isOneToOne: false
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "refunds_requested_by_fkey"
      columns: ["requested_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"reviews": {
                  Row: {
                    "attendee_id": string,"booking_id": string,"communication": number | null,"created_at": string,"expertise": number | null,"id": string,"professionalism": number | null,"provider_id": string,"punctuality": number | null,"rating": number,"responded_at": string | null,"response": string | null,"text": string | null,"updated_at": string,"value_for_money": number | null
                  }
                  ComputedFields: never
                  Insert: {
                    "attendee_id": string,"booking_id": string,"communication"?: number | null,"created_at"?: string,"expertise"?: number | null,"id"?: string,"professionalism"?: number | null,"provider_id": string,"punctuality"?: number | null,"rating": number,"responded_at"?: string | null,"response"?: string | null,"text"?: string | null,"updated_at"?: string,"value_for_money"?: number | null
                  }
                  Update: {
                    "attendee_id"?: string,"booking_id"?: string,"communication"?: number | null,"created_at"?: string,"expertise"?: number | null,"id"?: string,"professionalism"?: number | null,"provider_id"?: string,"punctuality"?: number | null,"rating"?: number,"responded_at"?: string | null,"response"?: string | null,"text"?: string | null,"updated_at"?: string,"value_for_money"?: number | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "reviews_attendee_id_fkey"
      columns: ["attendee_id"]
isOneToOne: false
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "reviews_attendee_id_fkey"
      columns: ["attendee_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "reviews_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: true
      referencedRelation: "booking_details"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "reviews_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: true
      referencedRelation: "booking_meetings"
      referencedColumns: ["booking_id"]
    },{
      foreignKeyName: "reviews_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: true
      referencedRelation: "bookings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "reviews_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: true
      referencedRelation: "time_bookings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "reviews_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "reviews_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                },"slots": {
                  Row: {
                    "created_at": string,"ends_at": string,"id": string,"provider_id": string,"schedule_id": string,"starts_at": string,"status": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"ends_at": string,"id"?: string,"provider_id": string,"schedule_id": string,"starts_at": string,"status"?: string,"updated_at"?: string
                  }
                  Update: {
                    "created_at"?: string,"ends_at"?: string,"id"?: string,"provider_id"?: string,"schedule_id"?: string,"starts_at"?: string,"status"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "slots_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "slots_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "slots_schedule_id_fkey"
      columns: ["schedule_id"]
isOneToOne: false
      referencedRelation: "availability"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "slots_schedule_id_fkey"
      columns: ["schedule_id"]
isOneToOne: false
      referencedRelation: "availability_schedules"
      referencedColumns: ["id"]
    }
                  ]
                },"subcategories": {
                  Row: {
                    "category_id": string,"created_at": string,"description": string,"id": string,"keywords": (string)[],"name": string,"position": number,"slug": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "category_id": string,"created_at"?: string,"description": string,"id": string,"keywords": (string)[],"name": string,"position": number,"slug": string,"updated_at"?: string
                  }
                  Update: {
                    "category_id"?: string,"created_at"?: string,"description"?: string,"id"?: string,"keywords"?: (string)[],"name"?: string,"position"?: number,"slug"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "subcategories_category_id_fkey"
      columns: ["category_id"]
isOneToOne: false
      referencedRelation: "categories"
      referencedColumns: ["id"]
    }
                  ]
                },"transfers": {
                  Row: {
                    "amount_minor": number,"created_at": string,"currency": string,"failure_code": string | null,"id": string,"payment_id": string,"provider_id": string,"reversed_minor": number,"settled_at": string | null,"status": string,"stripe_transfer_id": string | null,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "amount_minor": number,"created_at"?: string,"currency": string,"failure_code"?: string | null,"id"?: string,"payment_id": string,"provider_id": string,"reversed_minor"?: number,"settled_at"?: string | null,"status"?: string,"stripe_transfer_id"?: string | null,"updated_at"?: string
                  }
                  Update: {
                    "amount_minor"?: number,"created_at"?: string,"currency"?: string,"failure_code"?: string | null,"id"?: string,"payment_id"?: string,"provider_id"?: string,"reversed_minor"?: number,"settled_at"?: string | null,"status"?: string,"stripe_transfer_id"?: string | null,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "transfers_payment_id_fkey"
      columns: ["payment_id"]
isOneToOne: false
      referencedRelation: "payment_details"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "transfers_payment_id_fkey"
      columns: ["payment_id"]
isOneToOne: false
      referencedRelation: "payments"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "transfers_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "transfers_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                },"waiting_entries": {
                  Row: {
                    "booking_id": string | null,"checked_at": string,"created_at": string,"during": unknown,"event_id": string | null,"id": string,"offering_id": string | null,"person_id": string,"place": number,"provider_id": string,"status": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "booking_id"?: string | null,"checked_at"?: string,"created_at"?: string,"during"?: unknown,"event_id"?: string | null,"id"?: string,"offering_id"?: string | null,"person_id": string,"place"?: never,"provider_id": string,"status"?: string,"updated_at"?: string
                  }
                  Update: {
                    "booking_id"?: string | null,"checked_at"?: string,"created_at"?: string,"during"?: unknown,"event_id"?: string | null,"id"?: string,"offering_id"?: string | null,"person_id"?: string,"place"?: never,"provider_id"?: string,"status"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "waiting_entries_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "booking_details"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "booking_meetings"
      referencedColumns: ["booking_id"]
    },{
      foreignKeyName: "waiting_entries_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "bookings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "time_bookings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_event_id_fkey"
      columns: ["event_id"]
isOneToOne: false
      referencedRelation: "event_listings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_event_id_fkey"
      columns: ["event_id"]
isOneToOne: false
      referencedRelation: "events"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_offering_id_fkey"
      columns: ["offering_id"]
isOneToOne: false
      referencedRelation: "offering_listings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_offering_id_fkey"
      columns: ["offering_id"]
isOneToOne: false
      referencedRelation: "offerings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_person_id_fkey"
      columns: ["person_id"]
isOneToOne: false
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_person_id_fkey"
      columns: ["person_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                },"webhook_attempts": {
                  Row: {
                    "at": string,"delivery_id": string,"duration_ms": number,"endpoint_id": string,"error": string | null,"http_status": number | null,"id": number
                  }
                  ComputedFields: never
                  Insert: {
                    "at"?: string,"delivery_id": string,"duration_ms": number,"endpoint_id": string,"error"?: string | null,"http_status"?: number | null,"id"?: never
                  }
                  Update: {
                    "at"?: string,"delivery_id"?: string,"duration_ms"?: number,"endpoint_id"?: string,"error"?: string | null,"http_status"?: number | null,"id"?: never
                  }
                  Relationships: [
                    {
      foreignKeyName: "webhook_attempts_delivery_id_fkey"
      columns: ["delivery_id"]
isOneToOne: false
      referencedRelation: "webhook_deliveries"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "webhook_attempts_endpoint_id_fkey"
      columns: ["endpoint_id"]
isOneToOne: false
      referencedRelation: "webhook_endpoints"
      referencedColumns: ["id"]
    }
                  ]
                },"webhook_deliveries": {
                  Row: {
                    "attempts": number,"created_at": string,"due_at": string,"endpoint_id": string,"event": string,"id": string,"key": string,"lease_token": string | null,"leased_until": string | null,"outbox_id": number,"settled_at": string | null,"status": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "attempts"?: number,"created_at"?: string,"due_at"?: string,"endpoint_id": string,"event": string,"id"?: string,"key": string,"lease_token"?: string | null,"leased_until"?: string | null,"outbox_id": number,"settled_at"?: string | null,"status"?: string,"updated_at"?: string
                  }
                  Update: {
                    "attempts"?: number,"created_at"?: string,"due_at"?: string,"endpoint_id"?: string,"event"?: string,"id"?: string,"key"?: string,"lease_token"?: string | null,"leased_until"?: string | null,"outbox_id"?: number,"settled_at"?: string | null,"status"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "webhook_deliveries_endpoint_id_fkey"
      columns: ["endpoint_id"]
isOneToOne: false
      referencedRelation: "webhook_endpoints"
      referencedColumns: ["id"]
    }
                  ]
                },"webhook_endpoints": {
                  Row: {
                    "consecutive_failures": number,"created_at": string,"description": string,"disabled_at": string | null,"disabled_reason": string | null,"events": (string)[],"failing_since": string | null,"id": string,"owner_id": string | null,"updated_at": string,"url": string
                  }
                  ComputedFields: never
                  Insert: {
                    "consecutive_failures"?: number,"created_at"?: string,"description"?: string,"disabled_at"?: string | null,"disabled_reason"?: string | null,"events": (string)[],"failing_since"?: string | null,"id"?: string,"owner_id"?: string | null,"updated_at"?: string,"url": string
                  }
                  Update: {
                    "consecutive_failures"?: number,"created_at"?: string,"description"?: string,"disabled_at"?: string | null,"disabled_reason"?: string | null,"events"?: (string)[],"failing_since"?: string | null,"id"?: string,"owner_id"?: string | null,"updated_at"?: string,"url"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "webhook_endpoints_owner_id_fkey"
      columns: ["owner_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "webhook_endpoints_owner_id_fkey"
      columns: ["owner_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                }
          }
          Views: {
            "availability": {
                  Row: {
                    "buffer_after_minutes": number,"buffer_before_minutes": number,"cancellation_deadline_minutes": number | null,"created_at": string,"daily_limit": number | null,"exceptions": Json | null,"id": string,"is_active": boolean,"kind": string,"max_advance_days": number,"min_notice_minutes": number,"provider_id": string,"provider_name": string,"slot_step_minutes": number | null,"timezone": string,"updated_at": string,"version": number,"windows": Json | null
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "availability_schedules_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "availability_schedules_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                },"booking_details": {
                  Row: {
                    "attendee_email": string | null,"attendee_family_name": string | null,"attendee_given_name": string | null,"attendee_id": string,"attendee_name": string | null,"attendee_phone": string | null,"cancellation_reason": string | null,"cancelled_at": string | null,"cancelled_by": string | null,"created_at": string,"currency": string,"ends_at": string,"event_id": string | null,"event_kind": string,"event_location": string,"event_title": string,"expires_at": string | null,"free_cancellation_until": string,"id": string,"notes": string | null,"payment_status": string | null,"price_minor": number,"provider_id": string,"provider_name": string,"starts_at": string,"status": string | null,"timezone": string,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "bookings_attendee_id_fkey"
      columns: ["attendee_id"]
isOneToOne: false
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_attendee_id_fkey"
      columns: ["attendee_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_event_id_fkey"
      columns: ["event_id"]
isOneToOne: false
      referencedRelation: "event_listings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_event_id_fkey"
      columns: ["event_id"]
isOneToOne: false
      referencedRelation: "events"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                },"booking_meetings": {
                  Row: {
                    "booking_id": string,"closes_at": string | null,"ended_at": string | null,"join_url": string | null,"kind": string | null,"meeting_id": string | null,"opens_at": string | null,"recording_token": string | null,"started_at": string | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"event_listings": {
                  Row: {
                    "capacity": number,"created_at": string,"currency": string,"description": string,"ends_at": string,"id": string,"kind": string,"location": string,"payment_mode": string,"price_minor": number,"provider_bio": string | null,"provider_id": string,"provider_name": string,"requirements": string,"seats_left": number | null,"seats_taken": number | null,"starts_at": string,"status": string,"timezone": string,"title": string,"version": number,"virtual_link": string | null
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "events_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "events_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                },"my_account": {
                  Row: {
                    "created_at": string,"email": string | null,"email_verified": boolean | null,"family_name": string,"given_name": string,"id": string,"is_provider": boolean | null,"locale": string,"name": string,"phone": string | null,"timezone": string | null
                  }
                  ComputedFields: never
                  Relationships: [
                    
                  ]
                },"my_provider_profile": {
                  Row: {
                    "basic_info": Json | null,"bio_about": Json | null,"certifications": Json | null,"completeness": Json | null,"created_at": string,"email": string | null,"experience": Json | null,"id": string,"is_active": boolean | null,"name": string,"phone": string | null,"professional_details": Json | null,"updated_at": string | null,"visual_profile": Json | null
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "providers_id_fkey"
      columns: ["id"]
isOneToOne: true
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "providers_id_fkey"
      columns: ["id"]
isOneToOne: true
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"offering_listings": {
                  Row: {
                    "basic_info": NonNullable<Json>,"category": string | null,"category_id": string | null,"created_at": string,"currency": string,"description": string,"details": NonNullable<Json>,"duration_minutes": number | null,"id": string,"is_active": boolean,"price_minor": number | null,"price_schedule": NonNullable<Json>,"provider_id": string,"provider_name": string,"subcategory_id": string | null,"title": string,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "offerings_category_id_fkey"
      columns: ["category_id"]
isOneToOne: false
      referencedRelation: "categories"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "offerings_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "offerings_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "offerings_subcategory_id_fkey"
      columns: ["subcategory_id","category_id"]
isOneToOne: false
      referencedRelation: "subcategories"
      referencedColumns: ["id","category_id"]
    }
                  ]
                },"payment_details": {
                  Row: {
                    "amount_minor": number,"booking_id": string,"created_at": string,"currency": string,"failure_code": string | null,"fee_minor": number,"id": string,"paid_at": string | null,"payer_id": string,"payout_minor": number,"provider_id": string,"provider_name": string,"receipt_number": string | null,"refunded_minor": number,"status": string | null,"stripe_payment_intent_id": string | null,"tax_minor": number
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "payments_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "booking_details"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "booking_meetings"
      referencedColumns: ["booking_id"]
    },{
      foreignKeyName: "payments_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "bookings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "time_bookings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_payer_id_fkey"
      columns: ["payer_id"]
isOneToOne: false
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_payer_id_fkey"
      columns: ["payer_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "payments_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                },"time_bookings": {
                  Row: {
                    "attendee_id": string,"attendee_name": string | null,"cancellation_reason": string | null,"cancelled_at": string | null,"cancelled_by": string | null,"created_at": string,"currency": string,"ends_at": string | null,"expires_at": string | null,"feedback": Json | null,"free_cancellation_until": string,"id": string,"late_refund_percent": number,"local_date": string | null,"local_time": string | null,"meeting": Json | null,"notes": string | null,"offering_id": string | null,"offering_title": string | null,"payment_status": string | null,"price_minor": number,"provider_id": string,"provider_name": string,"provider_notes": string | null,"provider_specialization": string | null,"reschedule_reason": string | null,"slot_id": string | null,"starts_at": string | null,"status": string | null,"timezone": string | null,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "bookings_attendee_id_fkey"
      columns: ["attendee_id"]
isOneToOne: false
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_attendee_id_fkey"
      columns: ["attendee_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_offering_id_fkey"
      columns: ["offering_id"]
isOneToOne: false
      referencedRelation: "offering_listings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_offering_id_fkey"
      columns: ["offering_id"]
isOneToOne: false
      referencedRelation: "offerings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "bookings_slot_id_fkey"
      columns: ["slot_id"]
isOneToOne: false
      referencedRelation: "slots"
      referencedColumns: ["id"]
    }
                  ]
                },"waiting_list": {
                  Row: {
                    "booking_id": string | null,"created_at": string,"ends_at": string | null,"event_id": string | null,"id": string,"offer_expires_at": string | null,"offering_id": string | null,"person_id": string,"position": number | null,"provider_id": string,"provider_name": string,"starts_at": string | null,"status": string,"title": string | null
                  }
                  ComputedFields: never
                  Relationships: [
                    {
      foreignKeyName: "waiting_entries_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "booking_details"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "booking_meetings"
      referencedColumns: ["booking_id"]
    },{
      foreignKeyName: "waiting_entries_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "bookings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_booking_id_fkey"
      columns: ["booking_id"]
isOneToOne: false
      referencedRelation: "time_bookings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_event_id_fkey"
      columns: ["event_id"]
isOneToOne: false
      referencedRelation: "event_listings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_event_id_fkey"
      columns: ["event_id"]
isOneToOne: false
      referencedRelation: "events"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_offering_id_fkey"
      columns: ["offering_id"]
isOneToOne: false
      referencedRelation: "offering_listings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_offering_id_fkey"
      columns: ["offering_id"]
isOneToOne: false
      referencedRelation: "offerings"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_person_id_fkey"
      columns: ["person_id"]
isOneToOne: false
      referencedRelation: "my_account"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_person_id_fkey"
      columns: ["person_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "my_provider_profile"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "waiting_entries_provider_id_fkey"
      columns: ["provider_id"]
isOneToOne: false
      referencedRelation: "providers"
      referencedColumns: ["id"]
    }
                  ]
                }
          }
          Functions: {
            "add_meeting_note":
{ Args: { "booking_id": string,"is_public"?: boolean,"text": string }; Returns: {
              "author_id": string,
"booking_id": string,
"created_at": string,
"id": string,
"is_public": boolean,
"text": string
            }
                          SetofOptions: {
        from: "*"
        to: "meeting_notes"
        isOneToOne: true
        isSetofReturn: false
      } },
"add_recording":
{ Args: { "booking_id": string,"duration_seconds"?: number,"transcript_url"?: string,"url": string }; Returns: Database["public"]['CompositeTypes']["meeting_recording"]
                          SetofOptions: {
        from: "*"
        to: "meeting_recording"
        isOneToOne: true
        isSetofReturn: false
      } },
"attach_payment_intent":
{ Args: { "intent_id": string,"payment_id": string }; Returns: {
              "amount_minor": number,
"booking_id": string,
"cancel_requested_at": string | null,
"created_at": string,
"currency": string,
"failure_code": string | null,
"fee_minor": number,
"id": string,
"paid_at": string | null,
"payer_id": string,
"payout_minor": number,
"provider_id": string,
"receipt_serial": number | null,
"receipt_year": number | null,
"refunded_minor": number,
"status": string,
"stripe_charge_id": string | null,
"stripe_fee_minor": number,
"stripe_payment_intent_id": string | null,
"tax_minor": number,
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "payments"
        isOneToOne: true
        isSetofReturn: false
      } },
"become_provider":
{ Args: { "bio"?: string,"specialization"?: string }; Returns: {
              "bio": string | null,
"cancellation_deadline_minutes": number,
"certifications": (string)[],
"created_at": string,
"currency": string,
"display_name": string,
"headline": string | null,
"hourly_rate": number,
"hourly_rate_minor": number,
"id": string,
"image_url": string | null,
"is_accepting": boolean,
"languages": (string)[],
"late_refund_percent": number,
"next_open_at": string | null,
"rating_average": number | null,
"rating_count": number,
"rating_counts": (number)[],
"reminder_minutes": (number)[],
"retired_at": string | null,
"specialization": string | null,
"specialties": (string)[],
"specialty_terms": (string)[],
"timezone": string | null,
"updated_at": string,
"years_of_experience": number | null
            }
                          SetofOptions: {
        from: "*"
        to: "providers"
        isOneToOne: true
        isSetofReturn: false
      } },
"begin_phone_code":
{ Args: { "address"?: string,"limits": Json,"phone": string }; Returns: number
                           },
"block_time":
{ Args: { "ends_at": string,"kind"?: string,"starts_at": string }; Returns: Database["public"]['CompositeTypes']["blocked_time"]
                          SetofOptions: {
        from: "*"
        to: "blocked_time"
        isOneToOne: true
        isSetofReturn: false
      } },
"book_event":
{ Args: { "allow_hold"?: boolean,"event_id": string,"notes"?: string }; Returns: {
              "attendee_id": string,
"buffer_after_minutes": number,
"buffer_before_minutes": number,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"created_at": string,
"currency": string,
"during": unknown,
"event_id": string | null,
"expires_at": string | null,
"free_cancellation_until": string,
"id": string,
"is_live": boolean,
"late_refund_percent": number,
"notes": string | null,
"offering_id": string | null,
"payment_status": string,
"price_minor": number,
"provider_id": string,
"reschedule_reason": string | null,
"slot_id": string | null,
"status": string,
"timezone": string | null,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "bookings"
        isOneToOne: true
        isSetofReturn: false
      } },
"book_time":
{ Args: { "ends_at"?: string,"notes"?: string,"offering_id"?: string,"provider_id"?: string,"slot_id"?: string,"starts_at"?: string }; Returns: {
              "attendee_id": string,
"buffer_after_minutes": number,
"buffer_before_minutes": number,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"created_at": string,
"currency": string,
"during": unknown,
"event_id": string | null,
"expires_at": string | null,
"free_cancellation_until": string,
"id": string,
"is_live": boolean,
"late_refund_percent": number,
"notes": string | null,
"offering_id": string | null,
"payment_status": string,
"price_minor": number,
"provider_id": string,
"reschedule_reason": string | null,
"slot_id": string | null,
"status": string,
"timezone": string | null,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "bookings"
        isOneToOne: true
        isSetofReturn: false
      } },
"booking_calendar_entry":
{ Args: { "booking_id": string }; Returns: Database["public"]['CompositeTypes']["calendar_entry"]
                          SetofOptions: {
        from: "*"
        to: "calendar_entry"
        isOneToOne: true
        isSetofReturn: false
      } },
"bulk_delete_offerings":
{ Args: { "offering_ids": (string)[] }; Returns: number
                           },
"bulk_update_offerings":
{ Args: { "offerings": Json }; Returns: {
              "basic_info": NonNullable<Json>,
"category": string | null,
"category_id": string | null,
"created_at": string,
"currency": string,
"deleted_at": string | null,
"description": string,
"details": NonNullable<Json>,
"duration_minutes": number | null,
"id": string,
"is_active": boolean,
"price_minor": number | null,
"price_schedule": NonNullable<Json>,
"provider_id": string,
"subcategory_id": string | null,
"title": string,
"updated_at": string,
"version": number
            }[]
                          SetofOptions: {
        from: "*"
        to: "offerings"
        isOneToOne: false
        isSetofReturn: true
      } },
"cancel_booking":
{ Args: { "booking_id": string,"reason"?: string,"request_refund"?: boolean }; Returns: {
              "attendee_id": string,
"buffer_after_minutes": number,
"buffer_before_minutes": number,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"created_at": string,
"currency": string,
"during": unknown,
"event_id": string | null,
"expires_at": string | null,
"free_cancellation_until": string,
"id": string,
"is_live": boolean,
"late_refund_percent": number,
"notes": string | null,
"offering_id": string | null,
"payment_status": string,
"price_minor": number,
"provider_id": string,
"reschedule_reason": string | null,
"slot_id": string | null,
"status": string,
"timezone": string | null,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "bookings"
        isOneToOne: true
        isSetofReturn: false
      } },
"cancel_event":
{ Args: { "event_id": string,"reason"?: string }; Returns: {
              "cancelled_at": string | null,
"capacity": number,
"created_at": string,
"currency": string,
"description": string,
"ends_at": string,
"finished_at": string | null,
"id": string,
"kind": string,
"location": string,
"payment_mode": string,
"price_minor": number,
"provider_id": string,
"requirements": string,
"search": unknown,
"seats_taken": number,
"starts_at": string,
"status": string,
"timezone": string,
"title": string,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "events"
        isOneToOne: true
        isSetofReturn: false
      } },
"check_ledger":
{ Args: Record<PropertyKey, never>; Returns: {
              "expected": number,"found": number,"payment_id": string,"problem": string
            }[]
                           },
"complete_onboarding":
{ Args: { "contact_email"?: string,"name": string,"sections"?: Json }; Returns: {
              "basic_info": Json | null,
"bio_about": Json | null,
"certifications": Json | null,
"completeness": Json | null,
"created_at": string,
"email": string | null,
"experience": Json | null,
"id": string,
"is_active": boolean | null,
"name": string,
"phone": string | null,
"professional_details": Json | null,
"updated_at": string | null,
"visual_profile": Json | null
            }
                          SetofOptions: {
        from: "*"
        to: "my_provider_profile"
        isOneToOne: true
        isSetofReturn: false
      } },
"complete_registration":
{ Args: { "bio"?: string,"family_name"?: string,"given_name"?: string,"phone"?: string,"specialization"?: string }; Returns: {
              "created_at": string,
"email": string | null,
"email_verified": boolean | null,
"family_name": string,
"given_name": string,
"id": string,
"is_provider": boolean | null,
"locale": string,
"name": string,
"phone": string | null,
"timezone": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "my_account"
        isOneToOne: true
        isSetofReturn: false
      } },
"create_availability":
{ Args: { "exceptions"?: Json,"kind": string,"rules"?: Json,"timezone": string,"windows": Json }; Returns: {
              "buffer_after_minutes": number,
"buffer_before_minutes": number,
"cancellation_deadline_minutes": number | null,
"created_at": string,
"daily_limit": number | null,
"exceptions": Json | null,
"id": string,
"is_active": boolean,
"kind": string,
"max_advance_days": number,
"min_notice_minutes": number,
"provider_id": string,
"provider_name": string,
"slot_step_minutes": number | null,
"timezone": string,
"updated_at": string,
"version": number,
"windows": Json | null
            }
                          SetofOptions: {
        from: "*"
        to: "availability"
        isOneToOne: true
        isSetofReturn: false
      } },
"create_calendar_feed":
{ Args: Record<PropertyKey, never>; Returns: string
                           },
"create_offering":
{ Args: { "basic_info"?: Json,"category"?: string,"description"?: string,"details"?: Json,"duration_minutes"?: number,"price_schedule"?: Json,"title": string }; Returns: {
              "basic_info": NonNullable<Json>,
"category": string | null,
"category_id": string | null,
"created_at": string,
"currency": string,
"deleted_at": string | null,
"description": string,
"details": NonNullable<Json>,
"duration_minutes": number | null,
"id": string,
"is_active": boolean,
"price_minor": number | null,
"price_schedule": NonNullable<Json>,
"provider_id": string,
"subcategory_id": string | null,
"title": string,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "offerings"
        isOneToOne: true
        isSetofReturn: false
      } },
"create_webhook_endpoint":
{ Args: { "description"?: string,"events": (string)[],"url": string }; Returns: Database["public"]['CompositeTypes']["webhook_secret"]
                          SetofOptions: {
        from: "*"
        to: "webhook_secret"
        isOneToOne: true
        isSetofReturn: false
      } },
"crm_dashboard":
{ Args: { "provider_id": string }; Returns: Json
                           },
"crm_figures":
{ Args: { "provider_id": string }; Returns: Database["public"]['CompositeTypes']["crm_figures"]
                          SetofOptions: {
        from: "*"
        to: "crm_figures"
        isOneToOne: true
        isSetofReturn: false
      } },
"crm_provider_bookings":
{ Args: { "booking_status"?: string,"crm_status"?: string,"event_kind"?: string,"page_offset"?: number,"page_size"?: number,"provider_id": string }; Returns: Json
                           },
"crm_totals":
{ Args: Record<PropertyKey, never>; Returns: Database["public"]['CompositeTypes']["crm_totals"]
                          SetofOptions: {
        from: "*"
        to: "crm_totals"
        isOneToOne: true
        isSetofReturn: false
      } },
"delete_my_account":
{ Args: Record<PropertyKey, never>; Returns: undefined
                           },
"delete_notification":
{ Args: { "notification_id": string }; Returns: undefined
                           },
"delete_offering":
{ Args: { "offering_id": string }; Returns: undefined
                           },
"delete_webhook_endpoint":
{ Args: { "endpoint_id": string }; Returns: undefined
                           },
"delivery_status":
{ Args: { "destination": string,"key": string }; Returns: string
                           },
"describe_event":
{ Args: { "event_id": string,"requirements"?: string,"virtual_link"?: string }; Returns: {
              "cancelled_at": string | null,
"capacity": number,
"created_at": string,
"currency": string,
"description": string,
"ends_at": string,
"finished_at": string | null,
"id": string,
"kind": string,
"location": string,
"payment_mode": string,
"price_minor": number,
"provider_id": string,
"requirements": string,
"search": unknown,
"seats_taken": number,
"starts_at": string,
"status": string,
"timezone": string,
"title": string,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "events"
        isOneToOne: true
        isSetofReturn: false
      } },
"describe_provider":
{ Args: { "bio"?: string,"certifications"?: (string)[],"currency"?: string,"display_name"?: string,"headline"?: string,"hourly_rate"?: number,"image_url"?: string,"is_accepting"?: boolean,"languages"?: (string)[],"provider_id": string,"specialties"?: (string)[],"timezone"?: string,"years_of_experience"?: number }; Returns: {
              "bio": string | null,
"cancellation_deadline_minutes": number,
"certifications": (string)[],
"created_at": string,
"currency": string,
"display_name": string,
"headline": string | null,
"hourly_rate": number,
"hourly_rate_minor": number,
"id": string,
"image_url": string | null,
"is_accepting": boolean,
"languages": (string)[],
"late_refund_percent": number,
"next_open_at": string | null,
"rating_average": number | null,
"rating_count": number,
"rating_counts": (number)[],
"reminder_minutes": (number)[],
"retired_at": string | null,
"specialization": string | null,
"specialties": (string)[],
"specialty_terms": (string)[],
"timezone": string | null,
"updated_at": string,
"years_of_experience": number | null
            }
                          SetofOptions: {
        from: "*"
        to: "providers"
        isOneToOne: true
        isSetofReturn: false
      } },
"end_meeting":
{ Args: { "booking_id": string }; Returns: {
              "booking_id": string,
"created_at": string,
"ended_at": string | null,
"kind": string,
"ready_at": string | null,
"started_at": string | null,
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "meetings"
        isOneToOne: true
        isSetofReturn: false
      } },
"export_my_data":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"find_providers":
{ Args: { "available_only"?: boolean,"currency"?: string,"max_rate"?: number,"min_rating"?: number,"page_offset"?: number,"page_size"?: number,"search"?: string,"specialty"?: string }; Returns: Database["public"]['CompositeTypes']["page"]
                          SetofOptions: {
        from: "*"
        to: "page"
        isOneToOne: true
        isSetofReturn: false
      } },
"finish_phone_code":
{ Args: { "address"?: string,"limits": Json,"phone": string,"was_sent": boolean }; Returns: undefined
                           },
"generate_slots":
{ Args: { "first_date": string,"last_date": string,"overwrite"?: boolean,"schedule_id": string }; Returns: Database["public"]['CompositeTypes']["generated_slots"]
                          SetofOptions: {
        from: "*"
        to: "generated_slots"
        isOneToOne: true
        isSetofReturn: false
      } },
"is_stripe_event_taken":
{ Args: { "id": string }; Returns: boolean
                           },
"join_meeting":
{ Args: { "booking_id": string }; Returns: Database["public"]['CompositeTypes']["meeting_entry"]
                          SetofOptions: {
        from: "*"
        to: "meeting_entry"
        isOneToOne: true
        isSetofReturn: false
      } },
"lease_deliveries":
{ Args: { "batch_size": number,"lease_seconds": number,"only_destination"?: string,"only_key"?: string }; Returns: {
              "attempts": number,"context": Json,"destination": string,"event": string,"id": number,"key": string,"lease_token": string,"payload": Json,"target": string,"version": number
            }[]
                           },
"lease_webhooks":
{ Args: { "batch_size": number,"lease_seconds": number }; Returns: Database["public"]['CompositeTypes']["webhook_lease"][]
                          SetofOptions: {
        from: "*"
        to: "webhook_lease"
        isOneToOne: false
        isSetofReturn: true
      } },
"leave_meeting":
{ Args: { "booking_id": string }; Returns: {
              "booking_id": string,
"id": string,
"joined_at": string,
"left_at": string | null,
"profile_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "meeting_participants"
        isOneToOne: true
        isSetofReturn: false
      } },
"leave_waiting_list":
{ Args: { "entry_id": string }; Returns: {
              "booking_id": string | null,
"created_at": string,
"ends_at": string | null,
"event_id": string | null,
"id": string,
"offer_expires_at": string | null,
"offering_id": string | null,
"person_id": string,
"position": number | null,
"provider_id": string,
"provider_name": string,
"starts_at": string | null,
"status": string,
"title": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "waiting_list"
        isOneToOne: true
        isSetofReturn: false
      } },
"list_blocked_times":
{ Args: { "ends_after"?: string,"starts_before"?: string }; Returns: Database["public"]['CompositeTypes']["blocked_time"][]
                          SetofOptions: {
        from: "*"
        to: "blocked_time"
        isOneToOne: false
        isSetofReturn: true
      } },
"list_crm_records":
{ Args: { "booking_status"?: string,"crm_status"?: string,"event_id"?: string,"event_kind"?: string,"page_offset"?: number,"page_size"?: number,"provider_id"?: string,"user_id"?: string,"with_all"?: boolean }; Returns: Database["public"]['CompositeTypes']["crm_page"]
                          SetofOptions: {
        from: "*"
        to: "crm_page"
        isOneToOne: true
        isSetofReturn: false
      } },
"list_events":
{ Args: { "kind"?: string,"page_offset"?: number,"page_size"?: number,"provider_id"?: string,"search"?: string,"status"?: string,"with_total"?: boolean }; Returns: Database["public"]['CompositeTypes']["page"]
                          SetofOptions: {
        from: "*"
        to: "page"
        isOneToOne: true
        isSetofReturn: false
      } },
"list_my_bookings":
{ Args: { "page_offset"?: number,"page_size"?: number,"statuses"?: (string)[],"upcoming_only"?: boolean,"with_total"?: boolean }; Returns: Database["public"]['CompositeTypes']["page"]
                          SetofOptions: {
        from: "*"
        to: "page"
        isOneToOne: true
        isSetofReturn: false
      } },
"list_my_events":
{ Args: { "page_offset"?: number,"page_size"?: number,"with_total"?: boolean }; Returns: Database["public"]['CompositeTypes']["page"]
                          SetofOptions: {
        from: "*"
        to: "page"
        isOneToOne: true
        isSetofReturn: false
      } },
"list_my_notifications":
{ Args: { "kind"?: string,"page_offset"?: number,"page_size"?: number,"unread_only"?: boolean }; Returns: Database["public"]['CompositeTypes']["notification_page"]
                          SetofOptions: {
        from: "*"
        to: "notification_page"
        isOneToOne: true
        isSetofReturn: false
      } },
"list_my_offerings":
{ Args: { "category"?: string,"only_active"?: boolean,"page_offset"?: number,"page_size"?: number,"with_total"?: boolean }; Returns: Database["public"]['CompositeTypes']["page"]
                          SetofOptions: {
        from: "*"
        to: "page"
        isOneToOne: true
        isSetofReturn: false
      } },
"list_my_payments":
{ Args: { "created_before"?: string,"created_from"?: string,"page_offset"?: number,"page_size"?: number,"statuses"?: (string)[] }; Returns: Database["public"]['CompositeTypes']["page"]
                          SetofOptions: {
        from: "*"
        to: "page"
        isOneToOne: true
        isSetofReturn: false
      } },
"list_open_events":
{ Args: { "page_offset"?: number,"page_size"?: number,"with_total"?: boolean }; Returns: Database["public"]['CompositeTypes']["page"]
                          SetofOptions: {
        from: "*"
        to: "page"
        isOneToOne: true
        isSetofReturn: false
      } },
"list_provider_bookings":
{ Args: { "event_id"?: string,"page_offset"?: number,"page_size"?: number,"with_total"?: boolean }; Returns: Database["public"]['CompositeTypes']["page"]
                          SetofOptions: {
        from: "*"
        to: "page"
        isOneToOne: true
        isSetofReturn: false
      } },
"list_providers":
{ Args: { "page_offset"?: number,"page_size"?: number,"with_total"?: boolean }; Returns: Database["public"]['CompositeTypes']["page"]
                          SetofOptions: {
        from: "*"
        to: "page"
        isOneToOne: true
        isSetofReturn: false
      } },
"list_reviews":
{ Args: { "page_offset"?: number,"page_size"?: number,"provider_id": string,"rating"?: number,"sort"?: string }; Returns: Database["public"]['CompositeTypes']["review_page"]
                          SetofOptions: {
        from: "*"
        to: "review_page"
        isOneToOne: true
        isSetofReturn: false
      } },
"list_slots":
{ Args: { "duration_minutes"?: number,"first_date"?: string,"last_date"?: string,"offering_id"?: string,"page_offset"?: number,"page_size"?: number,"provider_id"?: string,"timezone"?: string,"with_total"?: boolean }; Returns: Database["public"]['CompositeTypes']["page"]
                          SetofOptions: {
        from: "*"
        to: "page"
        isOneToOne: true
        isSetofReturn: false
      } },
"list_time_bookings":
{ Args: { "page_offset"?: number,"page_size"?: number,"provider_id"?: string,"specialization"?: string,"starts_before"?: string,"starts_from"?: string,"statuses"?: (string)[] }; Returns: Database["public"]['CompositeTypes']["page"]
                          SetofOptions: {
        from: "*"
        to: "page"
        isOneToOne: true
        isSetofReturn: false
      } },
"mark_no_show":
{ Args: { "booking_id": string }; Returns: {
              "attendee_id": string,
"buffer_after_minutes": number,
"buffer_before_minutes": number,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"created_at": string,
"currency": string,
"during": unknown,
"event_id": string | null,
"expires_at": string | null,
"free_cancellation_until": string,
"id": string,
"is_live": boolean,
"late_refund_percent": number,
"notes": string | null,
"offering_id": string | null,
"payment_status": string,
"price_minor": number,
"provider_id": string,
"reschedule_reason": string | null,
"slot_id": string | null,
"status": string,
"timezone": string | null,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "bookings"
        isOneToOne: true
        isSetofReturn: false
      } },
"mark_notification_read":
{ Args: { "notification_id": string }; Returns: undefined
                           },
"mark_notifications_read":
{ Args: Record<PropertyKey, never>; Returns: number
                           },
"move_crm_status":
{ Args: { "booking_id": string,"changed_by"?: string,"crm_status": string,"notes"?: string }; Returns: {
              "changed_at": string,
"changed_by": string | null,
"id": number,
"new_status": string,
"notes": string | null,
"old_status": string,
"record_id": string
            }
                          SetofOptions: {
        from: "*"
        to: "crm_status_changes"
        isOneToOne: true
        isSetofReturn: false
      } },
"my_earnings":
{ Args: { "paid_before"?: string,"paid_from"?: string }; Returns: Json
                           },
"my_provider":
{ Args: Record<PropertyKey, never>; Returns: string
                           },
"note_stripe_event":
{ Args: { "event": Json,"outcome": string }; Returns: boolean
                           },
"notify_crm":
{ Args: { "booked_at": string,"booking_id": string,"booking_status": string,"event_id": string,"event_kind": string,"event_location": string,"event_title": string,"notes": string,"provider_id": string,"source": string,"starts_at": string,"user_email": string,"user_id": string,"user_name": string,"user_phone": string,"version": number }; Returns: {
              "booked_at": string | null,
"booking_id": string,
"booking_status": string,
"created_at": string,
"crm_status": string,
"event_id": string,
"event_kind": string,
"event_location": string,
"event_title": string,
"id": string,
"notes": string,
"provider_id": string,
"received_at": string,
"source": string,
"starts_at": string | null,
"updated_at": string,
"user_email": string,
"user_id": string,
"user_name": string,
"user_phone": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "crm_records"
        isOneToOne: true
        isSetofReturn: false
      } },
"offering_stats":
{ Args: Record<PropertyKey, never>; Returns: Database["public"]['CompositeTypes']["offering_figures"]
                          SetofOptions: {
        from: "*"
        to: "offering_figures"
        isOneToOne: true
        isSetofReturn: false
      } },
"open_recording":
{ Args: { "is_transcript"?: boolean,"token": string }; Returns: string
                           },
"outbox_health":
{ Args: Record<PropertyKey, never>; Returns: Database["public"]['CompositeTypes']["outbox_health"]
                          SetofOptions: {
        from: "*"
        to: "outbox_health"
        isOneToOne: true
        isSetofReturn: false
      } },
"plan_meeting":
{ Args: { "booking_id": string,"kind": string }; Returns: Database["public"]['CompositeTypes']["meeting_task"]
                          SetofOptions: {
        from: "*"
        to: "meeting_task"
        isOneToOne: true
        isSetofReturn: false
      } },
"prepare_payment":
{ Args: { "amount_minor": number,"booking_id": string,"currency": string }; Returns: {
              "amount_minor": number,
"booking_id": string,
"cancel_requested_at": string | null,
"created_at": string,
"currency": string,
"failure_code": string | null,
"fee_minor": number,
"id": string,
"paid_at": string | null,
"payer_id": string,
"payout_minor": number,
"provider_id": string,
"receipt_serial": number | null,
"receipt_year": number | null,
"refunded_minor": number,
"status": string,
"stripe_charge_id": string | null,
"stripe_fee_minor": number,
"stripe_payment_intent_id": string | null,
"tax_minor": number,
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "payments"
        isOneToOne: true
        isSetofReturn: false
      } },
"provider_calendar":
{ Args: { "month"?: string,"offering_id"?: string,"provider_id": string,"timezone"?: string }; Returns: Database["public"]['CompositeTypes']["calendar_month"]
                          SetofOptions: {
        from: "*"
        to: "calendar_month"
        isOneToOne: true
        isSetofReturn: false
      } },
"provider_dashboard":
{ Args: Record<PropertyKey, never>; Returns: Database["public"]['CompositeTypes']["provider_dashboard"]
                          SetofOptions: {
        from: "*"
        to: "provider_dashboard"
        isOneToOne: true
        isSetofReturn: false
      } },
"publish_event":
{ Args: { "capacity"?: number,"currency"?: string,"description"?: string,"ends_at": string,"kind": string,"location"?: string,"payment_mode"?: string,"price"?: number,"price_minor"?: number,"starts_at": string,"timezone"?: string,"title": string }; Returns: {
              "cancelled_at": string | null,
"capacity": number,
"created_at": string,
"currency": string,
"description": string,
"ends_at": string,
"finished_at": string | null,
"id": string,
"kind": string,
"location": string,
"payment_mode": string,
"price_minor": number,
"provider_id": string,
"requirements": string,
"search": unknown,
"seats_taken": number,
"starts_at": string,
"status": string,
"timezone": string,
"title": string,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "events"
        isOneToOne: true
        isSetofReturn: false
      } },
"read_calendar_feed":
{ Args: { "token": string }; Returns: Database["public"]['CompositeTypes']["calendar_entry"][]
                          SetofOptions: {
        from: "*"
        to: "calendar_entry"
        isOneToOne: false
        isSetofReturn: true
      } },
"read_crm_record":
{ Args: { "booking_id": string }; Returns: Json
                           },
"read_meeting":
{ Args: { "booking_id": string }; Returns: Database["public"]['CompositeTypes']["meeting_details"]
                          SetofOptions: {
        from: "*"
        to: "meeting_details"
        isOneToOne: true
        isSetofReturn: false
      } },
"read_my_home":
{ Args: Record<PropertyKey, never>; Returns: Database["public"]['CompositeTypes']["provider_home"]
                          SetofOptions: {
        from: "*"
        to: "provider_home"
        isOneToOne: true
        isSetofReturn: false
      } },
"read_my_offering":
{ Args: { "offering_id": string }; Returns: {
              "basic_info": NonNullable<Json>,
"category": string | null,
"category_id": string | null,
"created_at": string,
"currency": string,
"deleted_at": string | null,
"description": string,
"details": NonNullable<Json>,
"duration_minutes": number | null,
"id": string,
"is_active": boolean,
"price_minor": number | null,
"price_schedule": NonNullable<Json>,
"provider_id": string,
"subcategory_id": string | null,
"title": string,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "offerings"
        isOneToOne: true
        isSetofReturn: false
      } },
"read_my_profile":
{ Args: Record<PropertyKey, never>; Returns: {
              "basic_info": Json | null,
"bio_about": Json | null,
"certifications": Json | null,
"completeness": Json | null,
"created_at": string,
"email": string | null,
"experience": Json | null,
"id": string,
"is_active": boolean | null,
"name": string,
"phone": string | null,
"professional_details": Json | null,
"updated_at": string | null,
"visual_profile": Json | null
            }
                          SetofOptions: {
        from: "*"
        to: "my_provider_profile"
        isOneToOne: true
        isSetofReturn: false
      } },
"read_provider":
{ Args: { "provider_id": string }; Returns: Database["public"]['CompositeTypes']["provider_portrait"]
                          SetofOptions: {
        from: "*"
        to: "provider_portrait"
        isOneToOne: true
        isSetofReturn: false
      } },
"read_receipt":
{ Args: { "booking_id": string }; Returns: Database["public"]['CompositeTypes']["receipt"]
                          SetofOptions: {
        from: "*"
        to: "receipt"
        isOneToOne: true
        isSetofReturn: false
      } },
"record_account":
{ Args: { "account": Json,"event"?: Json }; Returns: boolean
                           },
"record_dispute":
{ Args: { "dispute": Json,"event"?: Json }; Returns: Database["public"]['CompositeTypes']["stripe_outcome"]
                          SetofOptions: {
        from: "*"
        to: "stripe_outcome"
        isOneToOne: true
        isSetofReturn: false
      } },
"record_payment_intent":
{ Args: { "event"?: Json,"intent": Json }; Returns: Database["public"]['CompositeTypes']["stripe_outcome"]
                          SetofOptions: {
        from: "*"
        to: "stripe_outcome"
        isOneToOne: true
        isSetofReturn: false
      } },
"record_refund":
{ Args: { "event"?: Json,"refund": Json }; Returns: Database["public"]['CompositeTypes']["stripe_outcome"]
                          SetofOptions: {
        from: "*"
        to: "stripe_outcome"
        isOneToOne: true
        isSetofReturn: false
      } },
"record_reversal":
{ Args: { "reversal": Json }; Returns: string
                           },
"record_transfer":
{ Args: { "transfer": Json }; Returns: string
                           },
"refresh_openings":
{ Args: { "max_providers": number }; Returns: number
                           },
"refund_preview":
{ Args: { "booking_id": string }; Returns: Database["public"]['CompositeTypes']["refund_preview"]
                          SetofOptions: {
        from: "*"
        to: "refund_preview"
        isOneToOne: true
        isSetofReturn: false
      } },
"replay_webhook_deliveries":
{ Args: { "endpoint_id": string,"since": string }; Returns: number
                           },
"replay_webhook_delivery":
{ Args: { "delivery_id": string }; Returns: {
              "attempts": number,
"created_at": string,
"due_at": string,
"endpoint_id": string,
"event": string,
"id": string,
"key": string,
"lease_token": string | null,
"leased_until": string | null,
"outbox_id": number,
"settled_at": string | null,
"status": string,
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "webhook_deliveries"
        isOneToOne: true
        isSetofReturn: false
      } },
"request_refund":
{ Args: { "amount_minor"?: number,"payment_id": string,"reason"?: string }; Returns: {
              "amount_minor": number,
"cause": string,
"created_at": string,
"failure_code": string | null,
"fee_minor": number,
"id": string,
"payment_id": string,
"payout_minor": number,
"reason": string | null,
"requested_by": string | null,
"settled_at": string | null,
"status": string,
"stripe_refund_id": string | null,
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "refunds"
        isOneToOne: true
        isSetofReturn: false
      } },
"reschedule_booking":
{ Args: { "booking_id": string,"ends_at"?: string,"reason"?: string,"slot_id"?: string,"starts_at"?: string }; Returns: {
              "attendee_id": string,
"buffer_after_minutes": number,
"buffer_before_minutes": number,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"created_at": string,
"currency": string,
"during": unknown,
"event_id": string | null,
"expires_at": string | null,
"free_cancellation_until": string,
"id": string,
"is_live": boolean,
"late_refund_percent": number,
"notes": string | null,
"offering_id": string | null,
"payment_status": string,
"price_minor": number,
"provider_id": string,
"reschedule_reason": string | null,
"slot_id": string | null,
"status": string,
"timezone": string | null,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "bookings"
        isOneToOne: true
        isSetofReturn: false
      } },
"respond_to_review":
{ Args: { "response": string,"review_id": string }; Returns: {
              "attendee_id": string,
"booking_id": string,
"communication": number | null,
"created_at": string,
"expertise": number | null,
"id": string,
"professionalism": number | null,
"provider_id": string,
"punctuality": number | null,
"rating": number,
"responded_at": string | null,
"response": string | null,
"text": string | null,
"updated_at": string,
"value_for_money": number | null
            }
                          SetofOptions: {
        from: "*"
        to: "reviews"
        isOneToOne: true
        isSetofReturn: false
      } },
"return_phone_code_try":
{ Args: { "phone": string }; Returns: undefined
                           },
"review_booking":
{ Args: { "booking_id": string,"communication"?: number,"expertise"?: number,"professionalism"?: number,"punctuality"?: number,"rating": number,"text"?: string,"value_for_money"?: number }; Returns: {
              "attendee_id": string,
"booking_id": string,
"communication": number | null,
"created_at": string,
"expertise": number | null,
"id": string,
"professionalism": number | null,
"provider_id": string,
"punctuality": number | null,
"rating": number,
"responded_at": string | null,
"response": string | null,
"text": string | null,
"updated_at": string,
"value_for_money": number | null
            }
                          SetofOptions: {
        from: "*"
        to: "reviews"
        isOneToOne: true
        isSetofReturn: false
      } },
"revoke_calendar_feed":
{ Args: Record<PropertyKey, never>; Returns: undefined
                           },
"rotate_webhook_secret":
{ Args: { "endpoint_id": string }; Returns: Database["public"]['CompositeTypes']["webhook_secret"]
                          SetofOptions: {
        from: "*"
        to: "webhook_secret"
        isOneToOne: true
        isSetofReturn: false
      } },
"search_offerings":
{ Args: { "category"?: string,"description"?: string,"page_offset"?: number,"page_size"?: number,"title"?: string }; Returns: Database["public"]['CompositeTypes']["page"]
                          SetofOptions: {
        from: "*"
        to: "page"
        isOneToOne: true
        isSetofReturn: false
      } },
"search_providers":
{ Args: { "email"?: string,"name"?: string,"page_offset"?: number,"page_size"?: number }; Returns: Database["public"]['CompositeTypes']["page"]
                          SetofOptions: {
        from: "*"
        to: "page"
        isOneToOne: true
        isSetofReturn: false
      } },
"send_test_webhook":
{ Args: { "endpoint_id": string }; Returns: {
              "attempts": number,
"created_at": string,
"due_at": string,
"endpoint_id": string,
"event": string,
"id": string,
"key": string,
"lease_token": string | null,
"leased_until": string | null,
"outbox_id": number,
"settled_at": string | null,
"status": string,
"updated_at": string
            }
                          SetofOptions: {
        from: "*"
        to: "webhook_deliveries"
        isOneToOne: true
        isSetofReturn: false
      } },
"set_offering_active":
{ Args: { "active": boolean,"offering_id": string }; Returns: {
              "basic_info": NonNullable<Json>,
"category": string | null,
"category_id": string | null,
"created_at": string,
"currency": string,
"deleted_at": string | null,
"description": string,
"details": NonNullable<Json>,
"duration_minutes": number | null,
"id": string,
"is_active": boolean,
"price_minor": number | null,
"price_schedule": NonNullable<Json>,
"provider_id": string,
"subcategory_id": string | null,
"title": string,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "offerings"
        isOneToOne: true
        isSetofReturn: false
      } },
"settle_deliveries":
{ Args: { "results": Json }; Returns: number
                           },
"settle_meeting":
{ Args: { "booking_id": string,"external_id"?: string,"join_url"?: string,"task": Json }; Returns: undefined
                           },
"settle_webhook":
{ Args: { "delivery_id": string,"duration_ms": number,"error"?: string,"http_status"?: number,"lease_token": string,"outcome": string }; Returns: string
                           },
"share_recording":
{ Args: { "booking_id": string,"expiry_days": number,"include_transcript"?: boolean,"is_downloadable"?: boolean }; Returns: Database["public"]['CompositeTypes']["meeting_recording"]
                          SetofOptions: {
        from: "*"
        to: "meeting_recording"
        isOneToOne: true
        isSetofReturn: false
      } },
"stripe_order":
{ Args: { "event": string,"payload": Json }; Returns: Json
                           },
"sweep":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"sweep_money":
{ Args: { "fee_percent"?: number,"payout_delay_hours"?: number }; Returns: Json
                           },
"take_phone_code_try":
{ Args: { "address"?: string,"limits": Json,"phone": string }; Returns: string
                           },
"take_rate_limit":
{ Args: { "bucket": string,"max_requests": number,"window_seconds": number }; Returns: {
              "allowed": boolean,"remaining": number,"reset_at": string
            }[]
                           },
"unblock_time":
{ Args: { "id": number }; Returns: Database["public"]['CompositeTypes']["blocked_time"]
                          SetofOptions: {
        from: "*"
        to: "blocked_time"
        isOneToOne: true
        isSetofReturn: false
      } },
"update_availability":
{ Args: { "exceptions"?: Json,"is_active"?: boolean,"rules"?: Json,"schedule_id": string,"timezone"?: string,"windows"?: Json }; Returns: {
              "buffer_after_minutes": number,
"buffer_before_minutes": number,
"cancellation_deadline_minutes": number | null,
"created_at": string,
"daily_limit": number | null,
"exceptions": Json | null,
"id": string,
"is_active": boolean,
"kind": string,
"max_advance_days": number,
"min_notice_minutes": number,
"provider_id": string,
"provider_name": string,
"slot_step_minutes": number | null,
"timezone": string,
"updated_at": string,
"version": number,
"windows": Json | null
            }
                          SetofOptions: {
        from: "*"
        to: "availability"
        isOneToOne: true
        isSetofReturn: false
      } },
"update_booking":
{ Args: { "booking_id": string,"notes"?: string,"provider_notes"?: string,"rating"?: number,"review"?: string }; Returns: {
              "attendee_id": string,
"buffer_after_minutes": number,
"buffer_before_minutes": number,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"created_at": string,
"currency": string,
"during": unknown,
"event_id": string | null,
"expires_at": string | null,
"free_cancellation_until": string,
"id": string,
"is_live": boolean,
"late_refund_percent": number,
"notes": string | null,
"offering_id": string | null,
"payment_status": string,
"price_minor": number,
"provider_id": string,
"reschedule_reason": string | null,
"slot_id": string | null,
"status": string,
"timezone": string | null,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "bookings"
        isOneToOne: true
        isSetofReturn: false
      } },
"update_booking_notes":
{ Args: { "booking_id": string,"notes"?: string,"provider_notes"?: string }; Returns: {
              "attendee_id": string,
"buffer_after_minutes": number,
"buffer_before_minutes": number,
"cancellation_reason": string | null,
"cancelled_at": string | null,
"cancelled_by": string | null,
"created_at": string,
"currency": string,
"during": unknown,
"event_id": string | null,
"expires_at": string | null,
"free_cancellation_until": string,
"id": string,
"is_live": boolean,
"late_refund_percent": number,
"notes": string | null,
"offering_id": string | null,
"payment_status": string,
"price_minor": number,
"provider_id": string,
"reschedule_reason": string | null,
"slot_id": string | null,
"status": string,
"timezone": string | null,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "bookings"
        isOneToOne: true
        isSetofReturn: false
      } },
"update_event":
{ Args: { "capacity"?: number,"description"?: string,"ends_at"?: string,"event_id": string,"kind"?: string,"location"?: string,"price"?: number,"price_minor"?: number,"starts_at"?: string,"timezone"?: string,"title"?: string }; Returns: {
              "cancelled_at": string | null,
"capacity": number,
"created_at": string,
"currency": string,
"description": string,
"ends_at": string,
"finished_at": string | null,
"id": string,
"kind": string,
"location": string,
"payment_mode": string,
"price_minor": number,
"provider_id": string,
"requirements": string,
"search": unknown,
"seats_taken": number,
"starts_at": string,
"status": string,
"timezone": string,
"title": string,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "events"
        isOneToOne: true
        isSetofReturn: false
      } },
"update_my_profile":
{ Args: { "contact_email"?: string,"name"?: string,"sections"?: Json }; Returns: {
              "basic_info": Json | null,
"bio_about": Json | null,
"certifications": Json | null,
"completeness": Json | null,
"created_at": string,
"email": string | null,
"experience": Json | null,
"id": string,
"is_active": boolean | null,
"name": string,
"phone": string | null,
"professional_details": Json | null,
"updated_at": string | null,
"visual_profile": Json | null
            }
                          SetofOptions: {
        from: "*"
        to: "my_provider_profile"
        isOneToOne: true
        isSetofReturn: false
      } },
"update_offering":
{ Args: { "basic_info"?: Json,"category"?: string,"description"?: string,"details"?: Json,"duration_minutes"?: number,"is_active"?: boolean,"offering_id": string,"price_schedule"?: Json,"title"?: string }; Returns: {
              "basic_info": NonNullable<Json>,
"category": string | null,
"category_id": string | null,
"created_at": string,
"currency": string,
"deleted_at": string | null,
"description": string,
"details": NonNullable<Json>,
"duration_minutes": number | null,
"id": string,
"is_active": boolean,
"price_minor": number | null,
"price_schedule": NonNullable<Json>,
"provider_id": string,
"subcategory_id": string | null,
"title": string,
"updated_at": string,
"version": number
            }
                          SetofOptions: {
        from: "*"
        to: "offerings"
        isOneToOne: true
        isSetofReturn: false
      } },
"update_webhook_endpoint":
{ Args: { "description"?: string,"enabled"?: boolean,"endpoint_id": string,"events"?: (string)[],"url"?: string }; Returns: {
              "consecutive_failures": number,
"created_at": string,
"description": string,
"disabled_at": string | null,
"disabled_reason": string | null,
"events": (string)[],
"failing_since": string | null,
"id": string,
"owner_id": string | null,
"updated_at": string,
"url": string
            }
                          SetofOptions: {
        from: "*"
        to: "webhook_endpoints"
        isOneToOne: true
        isSetofReturn: false
      } },
"wait_for_event":
{ Args: { "event_id": string }; Returns: {
              "booking_id": string | null,
"created_at": string,
"ends_at": string | null,
"event_id": string | null,
"id": string,
"offer_expires_at": string | null,
"offering_id": string | null,
"person_id": string,
"position": number | null,
"provider_id": string,
"provider_name": string,
"starts_at": string | null,
"status": string,
"title": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "waiting_list"
        isOneToOne: true
        isSetofReturn: false
      } },
"wait_for_time":
{ Args: { "ends_at"?: string,"offering_id"?: string,"provider_id"?: string,"slot_id"?: string,"starts_at"?: string }; Returns: {
              "booking_id": string | null,
"created_at": string,
"ends_at": string | null,
"event_id": string | null,
"id": string,
"offer_expires_at": string | null,
"offering_id": string | null,
"person_id": string,
"position": number | null,
"provider_id": string,
"provider_name": string,
"starts_at": string | null,
"status": string,
"title": string | null
            }
                          SetofOptions: {
        from: "*"
        to: "waiting_list"
        isOneToOne: true
        isSetofReturn: false
      } }
          }
          Enums: {
            [_ in never]: never
          }
          CompositeTypes: {
            "blocked_time": {
                        "id": number | null,"kind": string | null,"starts_at": string | null,"ends_at": string | null
                      },"booking_meeting": {
                        "booking_id": string | null,"kind": string | null,"meeting_id": string | null,"join_url": string | null,"opens_at": string | null,"closes_at": string | null,"started_at": string | null,"ended_at": string | null,"recording_token": string | null
                      },"calendar_entry": {
                        "kind": string | null,"id": string | null,"sequence": number | null,"status": string | null,"title": string | null,"location": string | null,"starts_at": string | null,"ends_at": string | null,"timezone": string | null,"provider_name": string | null,"seats_taken": number | null,"capacity": number | null,"changed_at": string | null
                      },"calendar_month": {
                        "provider_id": string | null,"provider_name": string | null,"timezone": string | null,"slots": Json | null
                      },"crm_figures": {
                        "bookings": number | null,"sessions": number | null,"retreats": number | null,"recent": number | null,"users": number | null,"events": number | null
                      },"crm_page": {
                        "total": number | null,"total_is_exact": boolean | null,"all_records": number | null,"items": Json | null
                      },"crm_totals": {
                        "records": number | null,"providers": number | null,"events": number | null
                      },"generated_slots": {
                        "generated": number | null,"slots": Json | null
                      },"meeting_details": {
                        "booking_id": string | null,"status": string | null,"kind": string | null,"meeting_id": string | null,"join_url": string | null,"opens_at": string | null,"closes_at": string | null,"starts_at": string | null,"ends_at": string | null,"started_at": string | null,"ended_at": string | null,"participants": Json | null,"notes": Json | null,"has_recording": boolean | null,"recording_url": string | null,"recording_token": string | null,"recording_seconds": number | null,"recording_shared_until": string | null,"is_downloadable": boolean | null,"is_transcript_shared": boolean | null
                      },"meeting_entry": {
                        "booking_id": string | null,"kind": string | null,"external_id": string | null,"join_url": string | null,"role": string | null,"profile_id": string | null,"name": string | null,"opens_at": string | null,"closes_at": string | null,"joined_at": string | null
                      },"meeting_recording": {
                        "booking_id": string | null,"url": string | null,"transcript_url": string | null,"duration_seconds": number | null,"share_token": string | null,"shared_until": string | null,"is_downloadable": boolean | null,"is_transcript_shared": boolean | null
                      },"meeting_task": {
                        "action": string | null,"kind": string | null,"is_retry": boolean | null,"room": string | null,"external_id": string | null,"title": string | null,"starts_at": string | null,"ends_at": string | null,"opens_at": string | null,"closes_at": string | null
                      },"notification_page": {
                        "total": number | null,"total_is_exact": boolean | null,"items": Json | null,"unread": number | null,"locale": string | null,"timezone": string | null
                      },"offering_figures": {
                        "total": number | null,"active": number | null,"inactive": number | null,"unique_categories": number | null,"categories": Json | null
                      },"outbox_health": {
                        "oldest_due_seconds": number | null,"pending": number | null,"dead": number | null
                      },"page": {
                        "total": number | null,"total_is_exact": boolean | null,"items": Json | null
                      },"provider_dashboard": {
                        "events_total": number | null,"events_published": number | null,"events_upcoming": number | null,"bookings_total": number | null,"revenue_minor": number | null,"currency": string | null,"recent_bookings": Json | null
                      },"provider_home": {
                        "profile": Json | null,"offerings": Json | null,"offerings_total": number | null,"offerings_total_is_exact": boolean | null
                      },"provider_portrait": {
                        "provider": Json | null,"email": string | null,"offerings": Json | null,"reviews": Json | null,"open_times": Json | null
                      },"receipt": {
                        "payment_id": string | null,"booking_id": string | null,"receipt_number": string | null,"paid_at": string | null,"seller_timezone": string | null,"seller_name": string | null,"buyer_name": string | null,"title": string | null,"starts_at": string | null,"ends_at": string | null,"amount_minor": number | null,"tax_minor": number | null,"refunded_minor": number | null,"currency": string | null,"refunds": Json | null
                      },"refund_preview": {
                        "booking_id": string | null,"paid_minor": number | null,"refunded_minor": number | null,"refund_minor": number | null,"currency": string | null,"free_cancellation_until": string | null,"late_refund_percent": number | null
                      },"review_page": {
                        "total": number | null,"total_is_exact": boolean | null,"items": Json | null,"rating_average": number | null,"rating_count": number | null,"rating_counts": (number)[] | null
                      },"stripe_outcome": {
                        "outcome": string | null,"payment_id": string | null,"booking_status": string | null
                      },"webhook_lease": {
                        "id": string | null,"lease_token": string | null,"endpoint_id": string | null,"url": string | null,"private_host": string | null,"secrets": (string)[] | null,"event": string | null,"occurred_at": string | null,"data": Json | null,"attempts": number | null
                      },"webhook_secret": {
                        "endpoint_id": string | null,"secret": string | null,"previous_until": string | null
                      }
          }
        }
}

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
  ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
      Row: infer R
    }
    ? R
    : never
  : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I
    }
    ? I
    : never
  : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U
    }
    ? U
    : never
  : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
  ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
  : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
  ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
  : never

export const Constants = {
  "public": {
          Enums: {
            
          }
        }
} as const
