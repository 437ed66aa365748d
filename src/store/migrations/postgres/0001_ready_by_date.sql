DROP INDEX "challenges_ready";--> statement-breakpoint
CREATE INDEX "challenges_ready" ON "challenges" USING btree ("difficulty","date_created","id") WHERE "challenges"."created_by" is null;