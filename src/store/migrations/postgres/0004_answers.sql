DROP VIEW "challenges";--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "answer_correct" boolean;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "answer_difficulty" text;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "answer_topic" text;--> statement-breakpoint
CREATE INDEX "assignments_answers" ON "assignments" USING btree ("created_by","answered_at","id","answer_difficulty","answer_topic","answer_correct","question_id") WHERE "assignments"."answered_at" is not null;--> statement-breakpoint
CREATE INDEX "questions_retired" ON "questions" USING btree ("id") WHERE "questions"."state" = 'retired';--> statement-breakpoint
CREATE VIEW "challenges" AS (select "assignments"."id", "questions"."difficulty", "assignments"."date_created", "assignments"."created_by", "questions"."title", "questions"."options", "questions"."correct_answer_id", "questions"."explanation", "questions"."topic", "questions"."source", "questions"."option_notes", "questions"."state", "assignments"."charged", "assignments"."answer_id", "assignments"."answered_at" from "assignments" inner join "questions" on "questions"."id" = "assignments"."question_id");