LOCK TABLE challenges IN ACCESS EXCLUSIVE MODE;
--> statement-breakpoint
-- The constraint calls a function, because PostgreSQL parses the text of a constraint in each statement that changes a row. A
-- cast of a text that is not JSON is an error, which refuses the row as well.
CREATE FUNCTION is_question_content(title text, options text, option_notes text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN title <> ''
    AND json_array_length(options::json) = 4 AND json_typeof(options::json -> 0) = 'string' AND json_typeof(options::json -> 1) = 'string'
    AND json_typeof(options::json -> 2) = 'string' AND json_typeof(options::json -> 3) = 'string'
    AND (coalesce(option_notes, 'null') = 'null'
      OR json_array_length(option_notes::json) = 4 AND json_typeof(option_notes::json -> 0) IN ('string', 'null') AND json_typeof(option_notes::json -> 1) IN ('string', 'null')
      AND json_typeof(option_notes::json -> 2) IN ('string', 'null') AND json_typeof(option_notes::json -> 3) IN ('string', 'null'));
END $$;
--> statement-breakpoint
CREATE TABLE "questions" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"difficulty" text NOT NULL,
	"topic" text,
	"title" text NOT NULL,
	"language" text,
	"options" text NOT NULL,
	"correct_answer_id" integer NOT NULL,
	"explanation" text NOT NULL,
	"option_notes" text,
	"source" text DEFAULT 'ai' NOT NULL,
	"state" text DEFAULT 'circulating' NOT NULL,
	"date_created" bigint DEFAULT 0 NOT NULL,
	"fingerprint" text,
	"bank_id" text,
	"import_key" text,
	"answers_0" integer DEFAULT 0 NOT NULL,
	"answers_1" integer DEFAULT 0 NOT NULL,
	"answers_2" integer DEFAULT 0 NOT NULL,
	"answers_3" integer DEFAULT 0 NOT NULL,
	"reports" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "questions_difficulty" CHECK ("questions"."difficulty" in ('easy', 'medium', 'hard')),
	CONSTRAINT "questions_correct_answer_id" CHECK ("questions"."correct_answer_id" between 0 and 3),
	CONSTRAINT "questions_content" CHECK (CASE WHEN state = 'retired' THEN true ELSE is_question_content(title, options, option_notes) END),
	CONSTRAINT "questions_state" CHECK ("questions"."state" in ('ready', 'circulating', 'suspected', 'retired'))
);
--> statement-breakpoint
CREATE TABLE "assignments" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"question_id" bigint NOT NULL,
	"created_by" text NOT NULL,
	"date_created" bigint NOT NULL,
	"idempotency_key" text,
	"charged" boolean DEFAULT true NOT NULL,
	"answer_id" integer,
	"answered_at" bigint,
	"report_reason" text,
	"report_comment" text,
	"reported_at" bigint,
	"import_key" text,
	CONSTRAINT "assignments_answer_id" CHECK ("assignments"."answer_id" between 0 and 3)
);
--> statement-breakpoint
CREATE FUNCTION is_four_texts(options text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN json_array_length(options::json) = 4 AND json_typeof(options::json -> 0) IN ('string') AND json_typeof(options::json -> 1) IN ('string') AND json_typeof(options::json -> 2) IN ('string') AND json_typeof(options::json -> 3) IN ('string');
EXCEPTION WHEN OTHERS THEN
  RETURN false;
END $$;
--> statement-breakpoint
INSERT INTO questions (id, difficulty, title, options, correct_answer_id, explanation, source, state, date_created, fingerprint, bank_id, import_key)
SELECT id, difficulty, title, options, correct_answer_id, explanation, source,
  CASE WHEN title = '' OR NOT is_four_texts(options) THEN 'retired' WHEN created_by IS NULL THEN 'ready' ELSE 'circulating' END, date_created, fingerprint, bank_id,
  CASE WHEN created_by IS NULL THEN import_key END
FROM challenges
WHERE fingerprint IS NOT NULL OR created_by IS NULL
ORDER BY id;
--> statement-breakpoint
INSERT INTO questions (id, difficulty, title, options, correct_answer_id, explanation, source, bank_id, state, date_created)
SELECT min(id), difficulty, title, options, correct_answer_id, explanation, source, bank_id,
  CASE WHEN title = '' OR NOT is_four_texts(options) THEN 'retired' ELSE 'circulating' END, min(date_created)
FROM challenges
WHERE fingerprint IS NULL AND created_by IS NOT NULL
GROUP BY difficulty, title, options, correct_answer_id, explanation, source, bank_id;
--> statement-breakpoint
INSERT INTO assignments (id, question_id, created_by, date_created, idempotency_key, charged, import_key)
SELECT id, id, created_by, date_created, idempotency_key, source = 'ai', import_key
FROM challenges
WHERE fingerprint IS NOT NULL AND created_by IS NOT NULL
ORDER BY id;
--> statement-breakpoint
INSERT INTO assignments (id, question_id, created_by, date_created, idempotency_key, charged, import_key)
SELECT id, min(id) OVER (PARTITION BY difficulty, title, options, correct_answer_id, explanation, source, bank_id), created_by, date_created, idempotency_key, source = 'ai', import_key
FROM challenges
WHERE fingerprint IS NULL AND created_by IS NOT NULL;
--> statement-breakpoint
SELECT setval('questions_id_seq', last_value, is_called), setval('assignments_id_seq', last_value, is_called) FROM challenges_id_seq;
--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_question_id_questions_id_fk" FOREIGN KEY ("question_id") REFERENCES "questions"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "assignments_import_key" ON "assignments" USING btree ("import_key") WHERE "assignments"."import_key" is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX "assignments_idempotency_key" ON "assignments" USING btree ("created_by","idempotency_key") WHERE "assignments"."idempotency_key" is not null;
--> statement-breakpoint
CREATE INDEX "assignments_history" ON "assignments" USING btree ("created_by","date_created","id");
--> statement-breakpoint
CREATE INDEX "assignments_question" ON "assignments" USING btree ("created_by","question_id");
--> statement-breakpoint
CREATE UNIQUE INDEX "questions_import_key" ON "questions" USING btree ("import_key") WHERE "questions"."import_key" is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX "questions_fingerprint" ON "questions" USING btree ("fingerprint") WHERE "questions"."fingerprint" is not null;
--> statement-breakpoint
CREATE INDEX "questions_ready" ON "questions" USING btree ("difficulty","date_created","id") WHERE "questions"."state" = 'ready';
--> statement-breakpoint
CREATE INDEX "questions_bank" ON "questions" USING btree ("difficulty","bank_id") WHERE "questions"."bank_id" is not null;
--> statement-breakpoint
DROP FUNCTION is_four_texts;
--> statement-breakpoint
DROP TABLE challenges;
--> statement-breakpoint
CREATE VIEW "challenges" AS (select "assignments"."id", "questions"."difficulty", "assignments"."date_created", "assignments"."created_by", "questions"."title", "questions"."options", "questions"."correct_answer_id", "questions"."explanation", "questions"."topic", "questions"."source" from "assignments" inner join "questions" on "questions"."id" = "assignments"."question_id");
--> statement-breakpoint
ANALYZE questions, assignments;