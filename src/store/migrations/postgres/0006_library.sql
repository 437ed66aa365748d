CREATE TABLE "libraries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"difficulty" text NOT NULL,
	"topic" text NOT NULL,
	"size" integer NOT NULL,
	"circulating" integer NOT NULL,
	CONSTRAINT "libraries_circulating" CHECK ("libraries"."circulating" between 0 and "libraries"."size")
);
--> statement-breakpoint
CREATE TABLE "walks" (
	"user_id" text NOT NULL,
	"library_id" bigint NOT NULL,
	"first" integer NOT NULL,
	"size" integer NOT NULL,
	"start" integer NOT NULL,
	"stride" integer NOT NULL,
	"step" integer NOT NULL,
	CONSTRAINT "walks_user_id_library_id_pk" PRIMARY KEY("user_id","library_id")
);
--> statement-breakpoint
ALTER TABLE "questions" ADD COLUMN "library_id" bigint;--> statement-breakpoint
ALTER TABLE "questions" ADD COLUMN "position" integer;--> statement-breakpoint
ALTER TABLE "questions" ADD COLUMN "cleared_answers" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "questions" ADD COLUMN "cleared_reports" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "questions" ADD COLUMN "kept" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "questions" ADD COLUMN "look_until" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "walks" ADD CONSTRAINT "walks_library_id_libraries_id_fk" FOREIGN KEY ("library_id") REFERENCES "libraries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "libraries_difficulty_topic" ON "libraries" USING btree ("difficulty","topic");--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_library_id_libraries_id_fk" FOREIGN KEY ("library_id") REFERENCES "libraries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
-- Version 1.0.0 marked only the assignments of imported questions. Imported questions stay out of the libraries.
UPDATE questions SET import_key = imported.import_key
FROM (SELECT question_id, min(import_key) AS import_key FROM assignments WHERE import_key LIKE 'original %' GROUP BY question_id) AS imported
WHERE questions.id = imported.question_id AND questions.import_key IS NULL;
--> statement-breakpoint
INSERT INTO libraries (difficulty, topic, size, circulating)
SELECT difficulty, coalesce(topic, ''), count(*), count(*)
FROM questions
WHERE state = 'circulating' AND source = 'ai' AND fingerprint IS NOT NULL AND coalesce(import_key, '') NOT LIKE 'original %'
GROUP BY 1, 2
ORDER BY 1, 2;
--> statement-breakpoint
WITH placed AS (
  SELECT questions.id, libraries.id AS library_id,
    row_number() OVER (PARTITION BY libraries.id ORDER BY questions.id) - 1 AS position
  FROM questions JOIN libraries ON libraries.difficulty = questions.difficulty AND libraries.topic = coalesce(questions.topic, '')
  WHERE state = 'circulating' AND source = 'ai' AND fingerprint IS NOT NULL AND coalesce(import_key, '') NOT LIKE 'original %'
)
UPDATE questions SET library_id = placed.library_id, position = placed.position
FROM placed WHERE questions.id = placed.id;
--> statement-breakpoint
CREATE INDEX "assignments_answered" ON "assignments" USING btree ("question_id","id") WHERE "assignments"."answer_id" is not null;--> statement-breakpoint
CREATE INDEX "assignments_reported" ON "assignments" USING btree ("question_id","id") WHERE "assignments"."report_reason" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "questions_library" ON "questions" USING btree ("library_id","position") WHERE "questions"."position" is not null;--> statement-breakpoint
CREATE INDEX "questions_suspected" ON "questions" USING btree ("look_until","id") WHERE "questions"."state" = 'suspected';--> statement-breakpoint
CREATE INDEX "questions_entering" ON "questions" USING btree ("difficulty","topic","id") WHERE state = 'circulating' AND position IS NULL AND source = 'ai' AND fingerprint IS NOT NULL
  AND coalesce(import_key, '') NOT LIKE 'original %';