CREATE TABLE `questions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`difficulty` text NOT NULL,
	`topic` text,
	`title` text NOT NULL,
	`language` text,
	`options` text NOT NULL,
	`correct_answer_id` integer NOT NULL,
	`explanation` text NOT NULL,
	`option_notes` text,
	`source` text DEFAULT 'ai' NOT NULL,
	`state` text DEFAULT 'circulating' NOT NULL,
	`date_created` integer DEFAULT 0 NOT NULL,
	`fingerprint` text,
	`bank_id` text,
	`import_key` text,
	`answers_0` integer DEFAULT 0 NOT NULL,
	`answers_1` integer DEFAULT 0 NOT NULL,
	`answers_2` integer DEFAULT 0 NOT NULL,
	`answers_3` integer DEFAULT 0 NOT NULL,
	`reports` integer DEFAULT 0 NOT NULL,
	CONSTRAINT "questions_difficulty" CHECK("questions"."difficulty" in ('easy', 'medium', 'hard')),
	CONSTRAINT "questions_correct_answer_id" CHECK("questions"."correct_answer_id" between 0 and 3),
	CONSTRAINT "questions_title" CHECK(CASE WHEN state = 'retired' THEN true ELSE title <> '' END),
	CONSTRAINT "questions_options" CHECK(CASE WHEN state = 'retired' THEN true ELSE CASE WHEN json_valid(options) THEN json_type(options) = 'array' AND json_array_length(options) = 4 AND json_type(options, '$[0]') IN ('text') AND json_type(options, '$[1]') IN ('text') AND json_type(options, '$[2]') IN ('text') AND json_type(options, '$[3]') IN ('text') ELSE false END END),
	CONSTRAINT "questions_option_notes" CHECK(CASE WHEN state = 'retired' THEN true ELSE coalesce(option_notes, 'null') = 'null' OR CASE WHEN json_valid(option_notes) THEN json_type(option_notes) = 'array' AND json_array_length(option_notes) = 4 AND json_type(option_notes, '$[0]') IN ('text', 'null') AND json_type(option_notes, '$[1]') IN ('text', 'null') AND json_type(option_notes, '$[2]') IN ('text', 'null') AND json_type(option_notes, '$[3]') IN ('text', 'null') ELSE false END END),
	CONSTRAINT "questions_state" CHECK("questions"."state" in ('ready', 'circulating', 'suspected', 'retired'))
) STRICT;
--> statement-breakpoint
CREATE TABLE `assignments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`question_id` integer NOT NULL,
	`created_by` text NOT NULL,
	`date_created` integer NOT NULL,
	`idempotency_key` text,
	`charged` integer DEFAULT true NOT NULL,
	`answer_id` integer,
	`answered_at` integer,
	`report_reason` text,
	`report_comment` text,
	`reported_at` integer,
	`import_key` text,
	FOREIGN KEY (`question_id`) REFERENCES `questions`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "assignments_answer_id" CHECK("assignments"."answer_id" between 0 and 3)
) STRICT;
--> statement-breakpoint
INSERT INTO questions (id, difficulty, title, options, correct_answer_id, explanation, source, state, date_created, fingerprint, bank_id, import_key)
SELECT id, difficulty, CAST(title AS TEXT), CAST(options AS TEXT), CAST(correct_answer_id AS INTEGER), CAST(explanation AS TEXT), CAST(source AS TEXT),
  CASE WHEN NOT (typeof(title) = 'text' AND title <> '' AND typeof(correct_answer_id) = 'integer' AND CASE WHEN json_valid(options) THEN json_type(options) = 'array' AND json_array_length(options) = 4 AND json_type(options, '$[0]') IN ('text') AND json_type(options, '$[1]') IN ('text') AND json_type(options, '$[2]') IN ('text') AND json_type(options, '$[3]') IN ('text') ELSE false END) THEN 'retired' WHEN created_by IS NULL THEN 'ready' ELSE 'circulating' END,
  CAST(date_created AS INTEGER), CAST(fingerprint AS TEXT), CAST(bank_id AS TEXT),
  CASE WHEN created_by IS NULL THEN CAST(import_key AS TEXT) END
FROM challenges
WHERE fingerprint IS NOT NULL OR created_by IS NULL
ORDER BY id;
--> statement-breakpoint
INSERT INTO questions (id, difficulty, title, options, correct_answer_id, explanation, source, bank_id, state, date_created)
SELECT min(id), difficulty, CAST(title AS TEXT), CAST(options AS TEXT), CAST(correct_answer_id AS INTEGER), CAST(explanation AS TEXT), CAST(source AS TEXT), CAST(bank_id AS TEXT),
  CASE WHEN NOT (typeof(title) = 'text' AND title <> '' AND typeof(correct_answer_id) = 'integer' AND CASE WHEN json_valid(options) THEN json_type(options) = 'array' AND json_array_length(options) = 4 AND json_type(options, '$[0]') IN ('text') AND json_type(options, '$[1]') IN ('text') AND json_type(options, '$[2]') IN ('text') AND json_type(options, '$[3]') IN ('text') ELSE false END) THEN 'retired' ELSE 'circulating' END, CAST(min(date_created) AS INTEGER)
FROM challenges
WHERE fingerprint IS NULL AND created_by IS NOT NULL
GROUP BY difficulty, title, options, correct_answer_id, explanation, source, bank_id;
--> statement-breakpoint
INSERT INTO assignments (id, question_id, created_by, date_created, idempotency_key, charged, import_key)
SELECT id, id, CAST(created_by AS TEXT), CAST(date_created AS INTEGER), CAST(idempotency_key AS TEXT), source = 'ai', CAST(import_key AS TEXT)
FROM challenges
WHERE fingerprint IS NOT NULL AND created_by IS NOT NULL
ORDER BY id;
--> statement-breakpoint
INSERT INTO assignments (id, question_id, created_by, date_created, idempotency_key, charged, import_key)
SELECT id, min(id) OVER (PARTITION BY difficulty, title, options, correct_answer_id, explanation, source, bank_id), CAST(created_by AS TEXT), CAST(date_created AS INTEGER), CAST(idempotency_key AS TEXT), source = 'ai', CAST(import_key AS TEXT)
FROM challenges
WHERE fingerprint IS NULL AND created_by IS NOT NULL;
--> statement-breakpoint
DELETE FROM sqlite_sequence WHERE name IN ('questions', 'assignments');
--> statement-breakpoint
INSERT INTO sqlite_sequence (name, seq)
SELECT names.column1, seq FROM sqlite_sequence, (VALUES ('questions'), ('assignments')) AS names WHERE name = 'challenges';
--> statement-breakpoint
CREATE UNIQUE INDEX `assignments_import_key` ON `assignments` (`import_key`) WHERE "assignments"."import_key" is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX `assignments_idempotency_key` ON `assignments` (`created_by`,`idempotency_key`) WHERE "assignments"."idempotency_key" is not null;
--> statement-breakpoint
CREATE INDEX `assignments_history` ON `assignments` (`created_by`,`date_created`,`id`,`question_id`,`charged`,`answer_id`,`answered_at`);
--> statement-breakpoint
CREATE INDEX `assignments_question` ON `assignments` (`created_by`,`question_id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `questions_import_key` ON `questions` (`import_key`) WHERE "questions"."import_key" is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX `questions_fingerprint` ON `questions` (`fingerprint`) WHERE "questions"."fingerprint" is not null;
--> statement-breakpoint
CREATE INDEX `questions_ready` ON `questions` (`difficulty`,`date_created`,`id`) WHERE "questions"."state" = 'ready';
--> statement-breakpoint
CREATE INDEX `questions_bank` ON `questions` (`difficulty`,`bank_id`) WHERE "questions"."bank_id" is not null;
--> statement-breakpoint
DROP TABLE challenges;
--> statement-breakpoint
CREATE VIEW `challenges` AS select "assignments"."id", "questions"."difficulty", "assignments"."date_created", "assignments"."created_by", "questions"."title", "questions"."options", "questions"."correct_answer_id", "questions"."explanation", "questions"."topic", "questions"."source" from "assignments" inner join "questions" on "questions"."id" = "assignments"."question_id";