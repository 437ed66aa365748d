CREATE TABLE `libraries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`difficulty` text NOT NULL,
	`topic` text NOT NULL,
	`size` integer NOT NULL,
	`circulating` integer NOT NULL,
	CONSTRAINT "libraries_circulating" CHECK("libraries"."circulating" between 0 and "libraries"."size")
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `libraries_difficulty_topic` ON `libraries` (`difficulty`,`topic`);--> statement-breakpoint
CREATE TABLE `walks` (
	`user_id` text NOT NULL,
	`library_id` integer NOT NULL,
	`first` integer NOT NULL,
	`size` integer NOT NULL,
	`start` integer NOT NULL,
	`stride` integer NOT NULL,
	`step` integer NOT NULL,
	PRIMARY KEY(`user_id`, `library_id`),
	FOREIGN KEY (`library_id`) REFERENCES `libraries`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
ALTER TABLE `questions` ADD `library_id` integer REFERENCES libraries(id);--> statement-breakpoint
ALTER TABLE `questions` ADD `position` integer;--> statement-breakpoint
ALTER TABLE `questions` ADD `cleared_answers` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `questions` ADD `cleared_reports` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `questions` ADD `kept` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `questions` ADD `look_until` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
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
CREATE UNIQUE INDEX `questions_library` ON `questions` (`library_id`,`position`) WHERE "questions"."position" is not null;--> statement-breakpoint
CREATE INDEX `questions_suspected` ON `questions` (`look_until`,`id`) WHERE "questions"."state" = 'suspected';--> statement-breakpoint
CREATE INDEX `questions_entering` ON `questions` (`id`,`difficulty`,`topic`) WHERE state = 'circulating' AND position IS NULL AND source = 'ai' AND fingerprint IS NOT NULL
  AND coalesce(import_key, '') NOT LIKE 'original %';--> statement-breakpoint
CREATE INDEX `assignments_answered` ON `assignments` (`question_id`,`id`) WHERE "assignments"."answer_id" is not null;--> statement-breakpoint
CREATE INDEX `assignments_reported` ON `assignments` (`question_id`,`id`) WHERE "assignments"."report_reason" is not null;