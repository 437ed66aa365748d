CREATE TABLE "challenge_quotas" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"quota_remaining" integer NOT NULL,
	"last_reset_date" bigint NOT NULL,
	"quota_limit" integer,
	CONSTRAINT "challenge_quotas_user_id_unique" UNIQUE("user_id"),
	CONSTRAINT "challenge_quotas_remaining" CHECK ("challenge_quotas"."quota_remaining" >= 0)
);
--> statement-breakpoint
CREATE TABLE "challenges" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"difficulty" text NOT NULL,
	"date_created" bigint NOT NULL,
	"created_by" text,
	"title" text NOT NULL,
	"options" text NOT NULL,
	"correct_answer_id" integer NOT NULL,
	"explanation" text NOT NULL,
	"source" text DEFAULT 'ai' NOT NULL,
	"fingerprint" text,
	"bank_id" text,
	"idempotency_key" text,
	"import_key" text,
	CONSTRAINT "challenges_import_key_unique" UNIQUE("import_key"),
	CONSTRAINT "challenges_difficulty" CHECK ("challenges"."difficulty" in ('easy', 'medium', 'hard')),
	CONSTRAINT "challenges_correct_answer_id" CHECK ("challenges"."correct_answer_id" between 0 and 3)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "challenges_fingerprint" ON "challenges" USING btree ("fingerprint") WHERE "challenges"."fingerprint" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "challenges_idempotency_key" ON "challenges" USING btree ("created_by","idempotency_key") WHERE "challenges"."idempotency_key" is not null;--> statement-breakpoint
CREATE INDEX "challenges_ready" ON "challenges" USING btree ("difficulty","id") WHERE "challenges"."created_by" is null;--> statement-breakpoint
CREATE INDEX "challenges_history" ON "challenges" USING btree ("created_by","date_created","id") WHERE "challenges"."created_by" is not null;--> statement-breakpoint
CREATE INDEX "challenges_history_difficulty" ON "challenges" USING btree ("created_by","difficulty","date_created","id") WHERE "challenges"."created_by" is not null;--> statement-breakpoint
CREATE INDEX "challenges_bank" ON "challenges" USING btree ("created_by","bank_id") WHERE "challenges"."bank_id" is not null;