ALTER TABLE "questions" ADD COLUMN "cleared_answers" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "questions" ADD COLUMN "cleared_reports" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "questions" ADD COLUMN "kept" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "questions" ADD COLUMN "look_until" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "assignments_answered" ON "assignments" USING btree ("question_id","id") WHERE "assignments"."answer_id" is not null;--> statement-breakpoint
CREATE INDEX "assignments_reported" ON "assignments" USING btree ("question_id","id") WHERE "assignments"."report_reason" is not null;--> statement-breakpoint
CREATE INDEX "questions_suspected" ON "questions" USING btree ("look_until","id") WHERE "questions"."state" = 'suspected';