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
ALTER TABLE "walks" ADD CONSTRAINT "walks_library_id_libraries_id_fk" FOREIGN KEY ("library_id") REFERENCES "libraries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "libraries_difficulty_topic" ON "libraries" USING btree ("difficulty","topic");--> statement-breakpoint
ALTER TABLE "questions" ADD CONSTRAINT "questions_library_id_libraries_id_fk" FOREIGN KEY ("library_id") REFERENCES "libraries"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
INSERT INTO libraries (difficulty, topic, size, circulating)
SELECT difficulty, coalesce(topic, ''), count(*), count(*)
FROM questions
WHERE source = 'ai' AND state = 'circulating' AND fingerprint IS NOT NULL AND coalesce(questions.import_key, '') NOT LIKE 'original %'
  AND questions.id NOT IN (SELECT question_id FROM assignments WHERE import_key LIKE 'original %')
GROUP BY 1, 2
ORDER BY 1, 2;
--> statement-breakpoint
WITH entering AS (
  SELECT questions.id, libraries.id AS library_id,
    row_number() OVER (PARTITION BY libraries.id ORDER BY questions.id) - 1 AS position
  FROM questions JOIN libraries ON libraries.difficulty = questions.difficulty AND libraries.topic = coalesce(questions.topic, '')
  WHERE source = 'ai' AND state = 'circulating' AND fingerprint IS NOT NULL AND coalesce(questions.import_key, '') NOT LIKE 'original %'
    AND questions.id NOT IN (SELECT question_id FROM assignments WHERE import_key LIKE 'original %')
)
UPDATE questions SET library_id = entering.library_id, position = entering.position
FROM entering WHERE questions.id = entering.id;
--> statement-breakpoint
CREATE UNIQUE INDEX "questions_library" ON "questions" USING btree ("library_id","position") WHERE "questions"."position" is not null;